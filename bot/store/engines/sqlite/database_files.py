"""The files of a SQLite database: which they are, who may read them, and whether they are still the ones in use.

SQLite keeps a log (``-wal``) and an index of it (``-shm``) beside the database, and we keep lock files there. All of
them are found by name, so a process that has opened them goes on with files that nobody else sees once the names belong
to others. https://sqlite.org/howtocorrupt.html, section 2, lists what follows.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from sqlalchemy import exc
from sqlalchemy.engine import URL, make_url

from bot.errors import SettingsError, StoreMissing, StoreReplaced, StoreUnavailable
from bot.languages import lazy, say

_EXPECTED_URL = "expected a URL such as sqlite:///data/dealwire.db"
_DRIVERS = ("sqlite", "sqlite+aiosqlite")
_DELETED_MESSAGE = lazy(
    "The database {path} was deleted or moved while it was in use. Nothing more is being saved. Put it back, then start"
    " Dealwire again."
)
_REPLACED_MESSAGE = lazy(
    "The files of the database {path} were replaced while it was in use. Nothing more is being saved. Check them, then"
    " start Dealwire again."
)

#: Only checkpoints write to the database, and they follow a write of the log within this many nanoseconds.
_CHECKPOINT_NS = 500_000_000

#: What identifies a file whatever its name: device and inode.
_FileIdentity = tuple[int, int]
#: When a file was last written, in nanoseconds, and its size in bytes.
_FileStamp = tuple[int, int]


def parse_sqlite_url(url: str) -> Path:
    """Return the path that ``sqlite:///…`` names. Raises SettingsError for any other URL.

    The path is taken literally. A query, a user or an escape such as ``%41`` is refused, since SQLAlchemy would open a
    file of another name.
    """
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        raise SettingsError("DATABASE_URL", _EXPECTED_URL) from error
    literal = url.partition(":///")[2]
    if parsed.drivername not in _DRIVERS or not literal or ":memory:" in literal or not literal.isprintable():
        raise SettingsError("DATABASE_URL", _EXPECTED_URL)
    if parsed != URL.create(parsed.drivername, database=literal):
        raise SettingsError(
            "DATABASE_URL", f"{_EXPECTED_URL}; after sqlite:/// comes the plain path, without “?” and escapes like %41"
        )
    try:
        return Path(literal).expanduser()
    except RuntimeError as error:
        raise SettingsError("DATABASE_URL", f"{_EXPECTED_URL}; there is no user {literal.split('/')[0]!r}") from error


def build_connection_url(driver: str, path: Path) -> URL:
    """Build the URL by which SQLite opens this file and never creates it."""
    return URL.create(driver, database=path.as_uri(), query={"mode": "rw", "uri": "true"})


class DatabaseFiles:
    """The database at a path, with the files beside it.

    ``path`` is the real file, ``display_path`` its name in messages. Two names of one file (through a symbolic link to
    it or to a folder) have the same ``path``, and so the same lock files.
    """

    def __init__(self, given_path: Path) -> None:
        self.display_path = given_path
        self._given_path = given_path.absolute()
        try:
            self.path = given_path.resolve()
        except RuntimeError:
            # Python 3.11 and 3.12 raise this for a link that leads to itself; opening it says so.
            self.path = self._given_path
        self.lock = self._sibling(".lock")
        self.bot_lock = self._sibling(".bot")
        self._wal = self._sibling("-wal")
        self._shm = self._sibling("-shm")
        #: What SQLite may have written and not yet moved into the database: the log, or the journal of other modes.
        self.logs = (self._wal, self._sibling("-journal"))
        #: All that belongs to the database besides its own file.
        self.companions = (*self.logs, self._shm, self.lock, self.bot_lock)
        self._identities: dict[Path, _FileIdentity | None] = {}
        self._stamps: tuple[_FileStamp, _FileStamp] | None = None
        self._is_overwritten = False
        self._loss_message = ""

    def _sibling(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def measure(self) -> tuple[int, int]:
        """Return the sizes of the database and of its log in bytes; 0 for a file that is not there."""
        return _get_size(self.path), _get_size(self._wal)

    def owns(self, path: Path) -> bool:
        """Return whether a path, however it is written, leads to the database or is the name of a file beside it."""
        # Path.resolve() raises for a link that leads to itself.
        real, named = Path(os.path.realpath(path)), Path(os.path.realpath(path.parent)) / path.name
        if real == self.path or named in self.companions:
            return True
        with contextlib.suppress(OSError):
            return any(_get_identity(path) == _get_identity(own) is not None for own in (self.path, *self.companions))
        return False

    def prepare(self, *, create: bool) -> None:
        """Create the database file if it is missing and may be created.

        Then only its owner can read the files. Raises StoreMissing, or StoreUnavailable if it is not a file that we can
        use.
        """
        # The database is created before anything beside it, so these files prove that there was one.
        leftovers = [path for path in (self.lock, self.bot_lock, self._wal, self._shm) if path.exists()]
        try:
            status = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            status = None
        if status is None or (status.st_size == 0 and _get_size(self._wal)):
            self._create(leftovers, create=create)
        elif not stat.S_ISREG(status.st_mode):
            raise StoreUnavailable(f"The database {self.path} is not a file.")
        elif status.st_nlink > 1:
            raise StoreUnavailable(
                f"The database {self.path} has a second name, a hard link. SQLite would keep a log for each name and damage"
                " the file: remove the other name, or make it a copy."
            )
        for path in (self.path, *leftovers):
            _make_private(path)

    def _create(self, leftovers: list[Path], *, create: bool) -> None:
        if leftovers:
            names = " and ".join(path.name for path in leftovers)
            raise StoreUnavailable(
                f"The database {self.path} is gone, but {names} beside it shows that there was one. Restore it from a"
                f" backup, or delete {names} in that folder to start with an empty database."
            )
        if not create:
            raise StoreMissing(self.display_path)
        make_private_folder(self.path.parent)
        _create_private(self.path)

    def remember_database(self) -> None:
        """Remember the database that is there now as the one in use."""
        self._remember(self._given_path, self.path)

    def remember_bot_lock(self) -> None:
        """Remember the bot's lock file that is there now as the locked one: without it a second bot could start."""
        self._remember(self.bot_lock)

    @property
    def remembers_log(self) -> bool:
        """Return whether :meth:`remember_log` was called."""
        return self._wal in self._identities

    def remember_log(self) -> None:
        """Remember the log that is there now as the one in use. It stays as long as any connection that has used it."""
        self._remember(self._wal, self._shm)

    def _remember(self, *paths: Path) -> None:
        self._identities.update((path, _get_identity(path)) for path in paths)

    def remember_content(self) -> None:
        """Remember the content of the database and its log as what was written last.

        Call it only under the lock of a write.
        """
        self._stamps = (_get_stamp(self.path), _get_stamp(self._wal))

    def looks_overwritten(self) -> bool:
        """Return whether the database was written since, and its log was not, as when somebody copies a backup over it.

        Without the lock of a write, this may also be a checkpoint that is under way. One that somebody makes by hand looks the
        same; it needs that lock too.
        """
        if self._stamps is None or self._loss_message:
            return False
        database, log = _get_stamp(self.path), _get_stamp(self._wal)
        is_checkpoint = 0 <= database[0] - log[0] <= _CHECKPOINT_NS
        return database != self._stamps[0] and log == self._stamps[1] and not is_checkpoint

    def check_content(self) -> None:
        """Raise StoreReplaced if the database is lost or was overwritten. Call it only under the lock of a write."""
        # First: a file that was moved away looks overwritten too, and its log must stay as it is.
        self.check()
        if self.looks_overwritten():
            self._loss_message, self._is_overwritten = _REPLACED_MESSAGE, True
            # The next start would take the log for that of the database that is there now, and damage it.
            with contextlib.suppress(OSError):
                os.truncate(self._wal, 0)
            self.check()

    @property
    def is_moved(self) -> bool:
        """Whether the database that was opened is elsewhere now, or deleted; not if its content was overwritten."""
        return bool(self._loss_message) and not self._is_overwritten

    def check(self) -> None:
        """Raise StoreReplaced if any of the files in use has been deleted, moved or replaced. It costs about ten µs.

        From then on it always raises: what this process has open is not what others see, even if it is put back.
        """
        if not self._loss_message:
            self._loss_message = self._find_loss()
            if self._loss_message:
                self._leave_marker()
        if self._loss_message:
            raise StoreReplaced(say(self._loss_message, path=self.display_path))

    def _find_loss(self) -> str:
        for path, identity in self._identities.items():
            current = _get_identity(path)
            if current != identity:
                return _REPLACED_MESSAGE if _get_identity(self.path) else _DELETED_MESSAGE
        if self.remembers_log and not _get_size(self.path):
            # A store has never been empty since its first write: somebody has cut it off.
            return _REPLACED_MESSAGE
        return ""

    def _leave_marker(self) -> None:
        """Leave a marker for the next start that there was a database, so that it creates no empty one unasked."""
        with contextlib.suppress(OSError):
            if not self.path.parent.exists():
                self.path.parent.mkdir(mode=0o700)
            if not self.lock.exists():
                _create_private(self.lock)


def _get_identity(path: Path) -> _FileIdentity | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - Path.stat takes twice as long, and this is asked at every read and write
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


def _get_stamp(path: Path) -> _FileStamp:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        status = path.stat()
        return status.st_mtime_ns, status.st_size
    return 0, 0


def _get_size(path: Path) -> int:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return path.stat().st_size
    return 0


def _create_private(path: Path) -> None:
    """Create an empty file that only its owner can read, whatever the umask; do nothing if it exists."""
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            path.chmod(0o600)
        finally:
            os.close(descriptor)


def make_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents, each accessible only to its owner."""
    missing = [folder, *folder.parents]
    while missing and missing[-1].exists():
        missing.pop()
    for missing_folder in reversed(missing):
        missing_folder.mkdir(mode=0o700, exist_ok=True)
        missing_folder.chmod(0o700)


def _make_private(path: Path) -> None:
    """Remove everybody else's access to a file that we own.

    Former versions created files that all users could read. Windows has no such modes.
    """
    if not hasattr(os, "geteuid"):
        return
    with contextlib.suppress(OSError):
        status = path.lstat()
        mode = stat.S_IMODE(status.st_mode)
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and mode & 0o077:
            path.chmod(mode & 0o600)
