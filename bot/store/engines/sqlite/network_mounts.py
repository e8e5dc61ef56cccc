"""Find out whether a database is on a network file system, where SQLite may damage it.

In WAL mode all programs that use a database share memory, which works on one machine only
(https://sqlite.org/wal.html#overview), and the locks of network file systems often fail
(https://sqlite.org/faq.html#q5). Linux lists its mounts in ``/proc/self/mountinfo``; other systems are not examined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MOUNTINFO = Path("/proc/self/mountinfo")
_ESCAPE = re.compile(r"\\([0-7]{3})")
#: Types of file systems that reach another machine, or the host of a virtual machine, which others may reach.
_NETWORK_TYPES = frozenset(
    "9p acfs afs beegfs beegfs_nodev ceph cifs coda davfs drvfs gfs gfs2 glusterfs gpfs lizardfs lustre mfs ncpfs nfs nfs3 nfs4 ocfs2"
    " orangefs panfs prl_fs pvfs2 quobyte shfs smb2 smb3 smbfs vboxsf vmhgfs wekafs".split()
)
#: The same of FUSE, whose types are ``fuse.NAME``.
_NETWORK_FUSE_NAMES = frozenset(
    "acd_cli alluxio-fuse azure-storage-fuse blobfuse blobfuse2 ceph ceph-fuse cifs curlftpfs cvmfs cvmfs2 dav davfs davfs2 ftpfs"
    " gcsfuse gdfs geesefs glusterfs google-drive-ocamlfuse goofys grpcfuse gvfsd-fuse hdfs httpdirfs httpfs ipfs jmtpfs juicefs"
    " kio-fuse lizardfs mfs moosefs mount-s3 mountpoint-s3 ndnfs nfs objectivefs onedriver orangefs osxfs ossfs pcloud quobyte rclone"
    " s3backer s3fs s3ql saunafs seaweedfs smb smbnetfs sshfs tahoe-lafs vmhgfs-fuse weed wekafs xrootdfs xtreemfs yas3fs".split()
)
#: ``user@host:/folder``, ``host:/folder``, ``//host/share`` and ``s3://bucket``.
_REMOTE_SOURCE = re.compile(r"//[^/]|[\w.@\[\]%-]{1,300}:(?:/|$)|[a-z][a-z0-9+.-]{0,20}://|[\w-]{1,30}#\S{1,300}:")


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system: where it is, its type (``nfs4``), and what is mounted there (``server:/export``)."""

    path: Path
    type: str
    source: str

    @property
    def is_network(self) -> bool:
        """Return whether it is on a network. Of a type that FUSE alone names, the source decides."""
        kind, _, name = self.type.lower().partition(".")
        if kind not in ("fuse", "fuseblk"):
            return kind in _NETWORK_TYPES
        return name in _NETWORK_FUSE_NAMES or (kind == "fuse" and bool(_REMOTE_SOURCE.match(self.source)))


def parse_mounts(text: str) -> Iterator[Mount]:
    """Yield the mounts of a ``mountinfo`` text (https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html)."""
    for line in text.split("\n"):
        before, separator, after = line.partition(" - ")
        fields, origin = before.split(" "), after.split(" ")
        if separator and len(fields) > 4 and len(origin) > 1:
            yield Mount(Path(_unescape(fields[4])), origin[0], _unescape(origin[1]))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)


def find_mount(path: Path, mounts: str) -> Mount | None:
    """Return the mount that a path is on; the last one of those that are mounted over each other. Links are not followed."""
    deepest: Mount | None = None
    for mount in parse_mounts(mounts):
        is_deeper = deepest is None or len(mount.path.parts) >= len(deepest.path.parts)
        if is_deeper and path.is_relative_to(mount.path):
            deepest = mount
    return deepest


def find_network_mount(path: Path, mounts: str | None = None) -> Mount | None:
    """Return the network file system on which a database is, or will be; None if there is none, or nobody can tell.

    Links are followed. A database can be mounted by itself, and its log is beside it, so the folder counts too.
    """
    if mounts is None:
        try:
            # A path may have bytes that are not UTF-8.
            mounts = _MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return None
    try:
        real_path = path.absolute().resolve()
    except (OSError, RuntimeError):
        return None
    candidates = (find_mount(real_path, mounts), find_mount(real_path.parent, mounts))
    return next((mount for mount in candidates if mount is not None and mount.is_network), None)


def explain_network_mount(path: Path, mount: Mount) -> str:
    """Return why a database must not stay there, and where to move it."""
    return (
        f"The database {path} is on a network file system ({mount.type}, mounted at {mount.path}), where SQLite's locks may fail"
        " and damage it. Stop the bot, move the database to a local disk, and set DATABASE_URL to its new place."
    )
