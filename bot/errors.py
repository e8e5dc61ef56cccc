"""Everything that can go wrong in a way that a person can act on.

::

    DealwireError
    ├── SettingsError      a setting has a bad value: its name, what was expected
    ├── InputError         a file or a form has a bad value: file, key, what was expected
    ├── FilesRefused       several files have
    ├── StoreError         the database
    │   ├── StoreUnavailable   cannot be opened or written
    │   │   └── StoreMissing       there is none, and the command makes none
    │   ├── StoreReplaced      its file was deleted, moved or replaced while it was in use: the process must end
    │   ├── StoreBusy          another program holds its lock
    │   └── StoreTooNew        written by a newer version of this program
    ├── FetchError         a feed or a page cannot be fetched
    │   ├── AddressNotAllowed     it may not be: no web address, or one that only this machine or its network has
    │   ├── FetchGone          its publisher has taken it down for good (410)
    │   └── HostClosed         its host asked to be left alone for a while, and is
    ├── NotFound           no story, development or follow of that name
    ├── ParsingError       what a publisher sent could not be read
    │   ├── NotAFeed           it is no feed: a page, nothing, something else
    │   ├── TooCostly          reading it took more time or memory than it may
    │   ├── WorkerLost         the process that reads died
    │   │   └── WorkerNotStarted   it could not be started
    │   └── ParserBusy         too many are waiting to be read
    ├── Refused            the one who asks may not, or the bot may not
    │   └── TooOften           somebody asks more often than one person may
    ├── PictureError       a picture could not be drawn, or too many are being drawn
    └── DiscordUnavailable Discord refuses the token or cannot be reached

The text of each is one clear sentence for a person. Bugs are never wrapped in these: they surface.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.languages import format_number, lazy, say, say_count

#: The longest reason that is kept or logged of an error, in characters.
REASON_LIMIT = 300

#: What can be looked for and not be there.
MissingKind = Literal[
    "article in the queue",
    "company",
    "development",
    "feed",
    "follow",
    "merged story",
    "note",
    "story",
    "story of this company",
]

#: What is said when something is not there, by what it is.
_NOT_FOUND: dict[MissingKind, str] = {
    "article in the queue": lazy("No article in the queue matches “{query}”."),
    "company": lazy("No company matches “{query}”."),
    "development": lazy("No development matches “{query}”."),
    "feed": lazy("No feed matches “{query}”."),
    "follow": lazy("No follow matches “{query}”."),
    "merged story": lazy("No merged story matches “{query}”."),
    "note": lazy("No note matches “{query}”."),
    "story": lazy("No story matches “{query}”."),
    "story of this company": lazy("No story of this company matches “{query}”."),
}


class DealwireError(Exception):
    """The root: its text can be shown to a person as it stands."""

    @property
    def message(self) -> str:
        """Return the text; a message of ours as one that can be stored and said in another language."""
        text = self.args[0] if self.args else ""
        return text if isinstance(text, str) else str(text)


class SettingsError(DealwireError):
    """A setting has a bad value.

    Attributes:
        setting: the setting's name, as it is spelled in the environment.
    """

    def __init__(self, setting: str, expected: str) -> None:
        self.setting = setting
        super().__init__(f"{setting}: {expected}")


class InputError(DealwireError):
    """A value in a file or a form is refused.

    Attributes:
        key: where in the input the value stands, as in ``development[2].date``; empty for the whole.
        expected: what would be accepted.
        file: the file's name, empty when the input is no file.
    """

    def __init__(self, key: str, expected: str, file: str = "") -> None:
        self.key = key
        self.expected = expected
        # A name can have line breaks, and what a terminal obeys.
        self.file = file if file.isprintable() else repr(file)
        super().__init__(": ".join(part for part in (self.file, key, expected) if part))

    def with_file(self, file: str) -> InputError:
        """The same refusal with the file's name said."""
        return InputError(self.key, self.expected, file)


class FilesRejected(DealwireError):
    """Several files are refused. The text is the first refusal, and how many more there are.

    Attributes:
        refused: why, for each of them.
        files: how many files there were.
    """

    def __init__(self, errors: Sequence[DealwireError], file_count: int) -> None:
        self.errors = tuple(errors)
        self.file_count = file_count
        message = say_count(
            "{expected} ({count} more of the {files} files is refused too)",
            "{expected} ({count} more of the {files} files are refused too)",
            len(errors) - 1,
            expected=str(errors[0]),
            files=format_number(file_count),
        )
        super().__init__(message)


class StoreError(DealwireError):
    """The database could not do what was asked; nothing was half done."""


class StoreUnavailable(StoreError):
    """The database cannot be opened, read or written."""


class StoreMissing(StoreUnavailable):
    """There is no database, and none may be made.

    Attributes:
        path: where it would be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"There is no database at {path}; `dealwire run` and `dealwire import` create one.")


class StoreReplaced(StoreError):
    """The database's file was deleted, moved or replaced while it was in use.

    No retry helps: what is written from now on would be lost. `Store.watch` raises it too, which ends the bot.
    """


class StoreBusy(StoreError):
    """Another program held the database's lock for longer than we wait."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of this program."""


class FetchError(DealwireError):
    """A feed or a page cannot be fetched now.

    Attributes:
        retry_at: when its host asks to be asked again (aware UTC); None when it does not say.
    """

    def __init__(self, sentence: str, *, retry_at: datetime | None = None) -> None:
        self.retry_at = retry_at
        super().__init__(sentence)


class AddressNotAllowed(FetchError):
    """The address is none of the public web: nothing was sent to it."""


class FetchGone(FetchError):
    """What was there has been taken down for good."""


class HostPaused(FetchError):
    """The host asked earlier to be left alone until ``retry_at``: nothing was sent to it now."""


class NotFound(DealwireError):
    """Nothing of that name is in the store; ``what`` it would be is one of those that there is a sentence for.

    Attributes:
        query: the name as it was asked for.
    """

    def __init__(self, kind: MissingKind, query: str) -> None:
        self.query = query
        super().__init__(say(_NOT_FOUND[kind], query=query))


class NotAllowed(DealwireError):
    """Not allowed: the text says what is missing and who can give it."""


class TooManyRequests(NotAllowed):
    """Somebody asks more often than one person may; the text says when they can go on.

    Attributes:
        is_repeated: whether they were told a moment ago.
    """

    def __init__(self, sentence: str, *, is_repeated: bool) -> None:
        self.is_repeated = is_repeated
        super().__init__(sentence)


class DiscordUnavailable(DealwireError):
    """Discord refuses the token or cannot be reached."""


class ParsingError(DealwireError):
    """What a publisher sent could not be read; the next thing can be."""


class NotAFeed(ParsingError):
    """It is no feed.

    Attributes:
        page: whether it is a web page, in which a feed may be named.
    """

    def __init__(self, sentence: str, *, is_web_page: bool = False) -> None:
        self.is_web_page = is_web_page
        super().__init__(sentence)


class ParserLimitExceeded(ParsingError):
    """Reading it took more time or memory than reading may."""


class WorkerDied(ParsingError):
    """The process that reads died, said what nobody can read, or could not be started."""


class WorkerNotStarted(WorkerDied):
    """The process that reads could not be started: nothing was wrong with what it was to read."""


class ParserBusy(ParsingError):
    """So many are waiting to be read that no more are taken on."""


class PictureError(DealwireError):
    """A picture could not be drawn; what it would have shown can be read elsewhere."""


def describe_error(error: BaseException) -> str:
    """Return why something failed, on one line that is never long; an error that is none of ours is named by its type."""
    text = error.message if isinstance(error, DealwireError) else f"{type(error).__name__}: {error}".removesuffix(": ")
    line = " ".join(text[: 4 * REASON_LIMIT].split())
    if line == text and len(text) <= REASON_LIMIT:
        return text
    return line if len(line) <= REASON_LIMIT else f"{line[: REASON_LIMIT - 1]}…"
