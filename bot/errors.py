"""The errors that a person can do something about.

::

    DealwireError
    ├── SettingsError          a setting has a bad value: its name, what was expected
    ├── InputError             a value in a file or form is bad: file, key, what was expected
    ├── FilesRejected          several files are bad
    ├── StoreError             the database
    │   ├── StoreUnavailable       cannot be opened or written
    │   │   └── StoreMissing           does not exist, and the command creates none
    │   ├── StoreReplaced          was deleted, moved or replaced while in use: the process must end
    │   ├── StoreBusy              is locked by another program
    │   ├── LeaseLost              another bot has taken over the post
    │   └── StoreTooNew            was written by a newer version of this program
    ├── FetchError             a feed or a page cannot be fetched
    │   ├── AddressNotAllowed      is on no public web address
    │   ├── FetchGone              was taken down for good by its publisher (410)
    │   └── HostPaused             its host asked to be left alone for a while
    ├── NotFound               no story, development or follow has this name
    ├── ParsingError           what a publisher sent cannot be read
    │   ├── NotAFeed               is a page, nothing, or something else
    │   ├── ParserLimitExceeded    would exceed the limit on time or memory
    │   ├── WorkerDied             the process that reads died
    │   │   └── WorkerNotStarted       it could not be started
    │   └── ParserBusy             too many others wait to be read
    ├── NotAllowed             the user, or the bot, lacks a permission
    │   └── TooManyRequests        the user asks more often than one person may
    ├── PictureError           a picture cannot be drawn, or too many are being drawn
    └── DiscordUnavailable     Discord refuses the token or cannot be reached

The text of each is one clear sentence for a person. Bugs are never wrapped in these.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.languages import format_number, lazy, say, say_count
from bot.redaction import redact

#: The longest reason that is stored or logged for an error, in characters.
REASON_LIMIT = 300

#: What can be looked up and be missing.
MissingKind = Literal[
    "article in the queue",
    "company",
    "development",
    "expected event",
    "feed",
    "figure",
    "follow",
    "list",
    "merged story",
    "note",
    "split",
    "story",
    "story of this company",
]

#: The sentence for each kind of missing thing.
_NOT_FOUND: dict[MissingKind, str] = {
    "article in the queue": lazy("No article in the queue matches “{query}”."),
    "company": lazy("No company matches “{query}”."),
    "development": lazy("No development matches “{query}”."),
    "expected event": lazy("No expected event matches “{query}”."),
    "feed": lazy("No feed matches “{query}”."),
    "figure": lazy("This figure no longer exists."),
    "follow": lazy("No follow matches “{query}”."),
    "list": lazy("This list has expired. Please ask again."),
    "merged story": lazy("No merged story matches “{query}”."),
    "note": lazy("No reader report matches “{query}”."),
    "split": lazy("This split was discarded or has expired. Start again with `/desk split`."),
    "story": lazy("No story matches “{query}”."),
    "story of this company": lazy("No story of this company matches “{query}”."),
}


class DealwireError(Exception):
    """The base of all of them: its text can be shown to a person as it is."""

    @property
    def message(self) -> str:
        """The text; a message of ours is a :class:`bot.languages.Message`, which can be stored and translated."""
        text = self.args[0] if self.args else ""
        return text if isinstance(text, str) else str(text)


class SettingsError(DealwireError):
    """A setting has a bad value.

    Attributes:
        setting: the setting's name, as it is spelled in the environment.
        expected: what would be accepted.
    """

    def __init__(self, setting: str, expected: str) -> None:
        self.setting = setting
        self.expected = expected
        super().__init__(f"{setting}: {expected}")


class InputError(DealwireError):
    """A value in a file or a form is refused.

    Attributes:
        key: where the value is in the input, as in ``development[2].date``; empty for the whole input.
        expected: what would be accepted.
        file: the file's name; empty if the input is no file.
        line: the line of the value, or of the table that lacks it; 0 if it is not known.
    """

    def __init__(self, key: str, expected: str, file: str = "", line: int = 0) -> None:
        self.key = key
        self.expected = expected
        # A file name can contain line breaks and terminal escapes.
        self.file = file if file.isprintable() else repr(file)
        self.line = line
        place = f"{self.file}:{line}" if self.file and line else self.file
        super().__init__(": ".join(part for part in (place, key, expected) if part))

    def with_file(self, file: str, line: int = 0) -> InputError:
        """Return the same error with the file's name, and with the line unless that is known already."""
        return InputError(self.key, self.expected, file, self.line or line)


class FilesRejected(DealwireError):
    """Several files are refused. The text is the first error, and the number of the others.

    Attributes:
        errors: the error of each refused file.
        file_count: how many files there were.
    """

    def __init__(self, errors: Sequence[DealwireError], file_count: int) -> None:
        self.errors = tuple(errors)
        self.file_count = file_count
        message = say_count(
            "{expected} ({count} more of the {files} files was also refused)",
            "{expected} ({count} more of the {files} files were also refused)",
            len(errors) - 1,
            expected=str(errors[0]),
            files=format_number(file_count),
        )
        super().__init__(message)


class StoreError(DealwireError):
    """The database could not do what was asked; nothing was left half done."""


class StoreUnavailable(StoreError):
    """The database cannot be opened, read or written."""


class StoreMissing(StoreUnavailable):
    """There is no database, and none may be created.

    Attributes:
        place: where it would be.
    """

    def __init__(self, place: object) -> None:
        self.place = place
        super().__init__(f"There is no database at {place}; `dealwire run` and `dealwire import` create one.")


class StoreReplaced(StoreError):
    """The database's file was deleted, moved or replaced while it was in use.

    No retry helps: whatever is written from now on would be lost. `Store.watch` raises it too, which ends the bot.
    """


class StoreBusy(StoreError):
    """Another program held the database's lock for longer than we wait."""


class LeaseLost(StoreError):
    """Another bot has taken over a post, because this one seemed to have died. It must not be sent or recorded here."""

    def __init__(self, post_id: int) -> None:
        super().__init__(f"Post {post_id} was taken over by another bot.")


class StoreTooNew(StoreError):
    """The database was written by a newer version of this program."""


class FetchError(DealwireError):
    """A feed or a page cannot be fetched now.

    Attributes:
        retry_at: when its host wants to be asked again (aware UTC); None if it does not say.
    """

    def __init__(self, sentence: str, *, retry_at: datetime | None = None) -> None:
        self.retry_at = retry_at
        super().__init__(sentence)


class AddressNotAllowed(FetchError):
    """The address is not on the public web. Nothing was sent to it."""


class FetchGone(FetchError):
    """The publisher has taken it down for good."""


class HostPaused(FetchError):
    """The host asked earlier to be left alone until ``retry_at``. Nothing was sent to it this time."""


class NotFound(DealwireError):
    """The store has nothing with that name.

    Attributes:
        query: the name that was asked for.
    """

    def __init__(self, kind: MissingKind, query: str) -> None:
        self.query = query
        super().__init__(say(_NOT_FOUND[kind], query=query))


class NotAllowed(DealwireError):
    """A permission is missing: the text says which, and who can grant it."""


class TooManyRequests(NotAllowed):
    """The user asks more often than one person may; the text says when they can go on.

    Attributes:
        is_repeated: whether the user was told so a moment ago.
    """

    def __init__(self, sentence: str, *, is_repeated: bool) -> None:
        self.is_repeated = is_repeated
        super().__init__(sentence)


class DiscordUnavailable(DealwireError):
    """Discord refuses the token or cannot be reached."""


class ParsingError(DealwireError):
    """What a publisher sent cannot be parsed. That says nothing about what it sends next."""


class NotAFeed(ParsingError):
    """It is no feed.

    Attributes:
        is_web_page: whether it is a web page, which may name a feed.
    """

    def __init__(self, sentence: str, *, is_web_page: bool = False) -> None:
        self.is_web_page = is_web_page
        super().__init__(sentence)


class ParserLimitExceeded(ParsingError):
    """Parsing it would exceed the limit on time or memory."""


class WorkerDied(ParsingError):
    """The process that reads died, gave an unreadable answer, or could not be started."""


class WorkerNotStarted(WorkerDied):
    """The process that reads could not be started. That says nothing about what it was to read."""


class ParserBusy(ParsingError):
    """So many others wait to be read that no more are accepted."""


class PictureError(DealwireError):
    """A picture cannot be drawn; what it would show can be read elsewhere."""


def describe_error(error: BaseException) -> str:
    """Return the reason of a failure in one line of limited length, without secrets; an error that is not ours is named by
    its type.
    """
    text = error.message if isinstance(error, DealwireError) else f"{type(error).__name__}: {error}".removesuffix(": ")
    line = " ".join(redact(text[: 8 * REASON_LIMIT]).split())
    if line == text and len(text) <= REASON_LIMIT:
        return text
    return line if len(line) <= REASON_LIMIT else f"{line[: REASON_LIMIT - 1]}…"
