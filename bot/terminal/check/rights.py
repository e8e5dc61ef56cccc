"""Who may create and write the files of the database: its folder, the log, and the lock files beside it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.model.findings import Finding, has_problem

#: The files beside a database, and what each is.
_SIBLINGS = {"-wal": "the log", "-shm": "the index of the log", ".lock": "the lock file", ".bot": "the bot's lock file"}


def check_rights(path: Path) -> Iterator[Finding]:
    """Yield what keeps this user from creating or writing the database and the files beside it. Nothing is left behind."""
    try:
        real_path = path.absolute().resolve()
        parents = [folder for folder in real_path.parents if folder.exists()]
        is_there = real_path.exists()
    except (OSError, RuntimeError) as exc:
        yield Finding.problem(f"The database {path} can't be found: {getattr(exc, 'strerror', None) or exc}.")
        return
    folder = parents[0]
    reason = _find_folder_fault(folder)
    if reason:
        start = (
            f"The database {path} can't be written"
            if is_there
            else f"There is no database at {path}, and none can be created"
        )
        yield Finding.problem(f"{start}: {reason}")
        return
    findings = list(_check_files(real_path)) if is_there else []
    yield from findings
    if not has_problem(findings):
        yield Finding.ok(f"The folder {folder} can be written.")
    yield from _check_privacy(folder)


def _find_folder_fault(folder: Path) -> str:
    """Return why no file can be created in a folder, and what to do; empty if it can. Rights alone do not tell, so one is."""
    if not folder.is_dir():
        return f"{folder} is not writable, because it is a file. Choose another place with DATABASE_URL."
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".dealwire-check-"):
            return ""
    except OSError as exc:
        return _explain_refusal(folder, exc)


def _explain_refusal(folder: Path, error: OSError) -> str:
    if error.errno == errno.EROFS:
        return (
            f"{folder} is not writable, because its file system is mounted read-only. Mount it writable, or choose a"
            " writable folder with DATABASE_URL."
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{folder} is not writable, because the disk or this user's quota is full. Free some space."
    owner, user = get_owner(folder), get_user_name(os.geteuid())
    return (
        f"{folder} is not writable by {user} ({error.strerror or error}); it belongs to {owner}. Run the bot as {owner}, or"
        f" run: sudo chown {user} {folder} && sudo chmod u+rwx {folder}"
    )


def _check_files(path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the rights of the files that are there."""
    user_id = os.geteuid()
    files = {path: "the database", **{path.with_name(path.name + end): name for end, name in _SIBLINGS.items()}}
    for file, name in files.items():
        try:
            status = file.stat()
        except OSError:
            continue
        if not stat.S_ISREG(status.st_mode):
            # Opening the database says that it is not a file; what stands in the place of another file keeps it from working.
            if file != path:
                yield Finding.problem(f"{file} must be {name}, but it is not a file. Move it away.")
        elif not _can_write(file):
            yield Finding.problem(_explain_file(file, name, status.st_uid, user_id))
        elif user_id == 0 and status.st_uid != 0 and file == path:
            owner = get_owner(file)
            yield Finding.note(
                f"You are root, but {name} {file} belongs to {owner}. Files that root creates beside it can't be written by"
                f" {owner}: run Dealwire as {owner}, such as with `sudo -u {owner}`."
            )
        elif file == path and user_id not in (0, status.st_uid):
            yield Finding.note(
                f"{name.capitalize()} {file} belongs to {get_owner(file)}, not to {get_user_name(user_id)}, so the bot can't"
                f" make it private. Run: sudo chown {get_user_name(user_id)} {file}"
            )


def _can_write(file: Path) -> bool:
    """Open a file for writing, and change nothing. Rights and ``os.access`` know neither read-only file systems nor the effective user."""
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def _explain_file(file: Path, name: str, owner_id: int, user_id: int) -> str:
    start = f"{name.capitalize()} {file} can't be written"
    if owner_id == user_id:
        return f"{start}. Run: chmod u+rw {file}"
    user = get_user_name(user_id)
    return (
        f"{start} by {user}, because it belongs to {get_owner(file)}. Run the bot always as the same user; now run:"
        f" sudo chown {user} {file} && sudo chmod u+rw {file}"
    )


def _check_privacy(folder: Path) -> Iterator[Finding]:
    """Yield whether other users can replace the database."""
    with contextlib.suppress(OSError):
        mode = folder.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            yield Finding.note(f"Every user of this machine can replace the files in {folder}. Run: chmod o-w {folder}")


def get_owner(path: Path) -> str:
    """Return the name of a file's owner, or the number if it has no name."""
    return get_user_name(path.stat().st_uid)


def get_user_name(user_id: int) -> str:
    """Return the name of a user, or the number if there is none, as in many containers."""
    # Not on Windows, where this module is imported too.
    import pwd

    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return str(user_id)
