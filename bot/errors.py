"""Everything that can go wrong in a way that a person can act on.

::

    DealwireError
    ├── SettingsError      a setting has a bad value: its name, what was expected
    ├── InputError         a file or a form has a bad value: file, key, what was expected
    ├── StoreError         the database
    │   ├── StoreUnavailable   cannot be opened or written
    │   ├── StoreBusy          another program holds its lock
    │   └── StoreTooNew        written by a newer version of this program
    ├── NotFound           no story, development or follow of that name
    ├── Refused            the one who asks may not, or the bot may not
    ├── PictureError       a picture could not be drawn, or too many are being drawn
    └── DiscordUnavailable Discord refuses the token or cannot be reached

The text of each is one clear sentence for a person. Bugs are never wrapped in these: they surface.
"""

from __future__ import annotations


class DealwireError(Exception):
    """The root: its text can be shown to a person as it stands."""


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
        self.file = file
        super().__init__(": ".join(part for part in (file, key, expected) if part))

    def in_file(self, file: str) -> InputError:
        """The same refusal with the file's name said."""
        return InputError(self.key, self.expected, file)


class StoreError(DealwireError):
    """The database could not do what was asked; nothing was half done."""


class StoreUnavailable(StoreError):
    """The database cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another program held the database's lock for longer than we wait."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of this program."""


class NotFound(DealwireError):
    """Nothing of that name is in the store.

    Attributes:
        query: the name as it was asked for.
    """

    def __init__(self, what: str, query: str) -> None:
        self.query = query
        super().__init__(f"No {what} matches “{query}”.")


class Refused(DealwireError):
    """Not allowed: the text says what is missing and who can give it."""


class DiscordUnavailable(DealwireError):
    """Discord refuses the token or cannot be reached."""


class PictureError(DealwireError):
    """A picture could not be drawn; what it would have shown can be read elsewhere."""
