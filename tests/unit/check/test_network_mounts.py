"""A database on a network file system is recognised from the list of mounts, through links and mounts over each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store.engines.sqlite.network_mounts import explain_network_mount, find_mount, find_network_mount

LOCAL = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"


def line(path: str, kind: str, source: str, optional: str = "shared:7 ") -> str:
    return f"40 22 0:50 / {path} rw,relatime {optional}- {kind} {source} rw,vers=4.2"


def mounts(*lines: str) -> str:
    return "\n".join((LOCAL, *lines)) + "\n"


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("nfs", "server:/export"), ("nfs4", "[fe80::1]:/export"), ("cifs", "//nas/share"), ("smb3", "//nas/share"),
        ("fuse.sshfs", "me@host:/home/me"), ("9p", "C:\\134"), ("ceph", "10.0.0.1:6789:/"), ("fuse.ceph-fuse", "ceph-fuse"),
        ("fuse.glusterfs", "server:/volume"), ("glusterfs", "server:/volume"), ("lustre", "10.0.0.1@tcp:/fs"),
        ("fuse.s3fs", "s3fs"), ("fuse.rclone", "drive:"), ("afs", "#root.cell"), ("davfs", "https://dav.example/"),
        ("fuse.gcsfuse", "bucket"), ("vboxsf", "shared"), ("drvfs", "C:"), ("NFS4", "server:/export"),
        ("fuse", "me@host:/home"), ("fuse.unknown", "//nas/share"), ("fuse", "s3://bucket"), ("fuse", "sshfs#me@host:/home"),
    ],
)  # fmt: skip
def test_network_file_systems_are_recognised(kind: str, source: str) -> None:
    mount = find_network_mount(Path("/data/store/dealwire.db"), mounts(line("/data", kind, source)))
    assert mount is not None
    assert (mount.path, mount.type) == (Path("/data"), kind)


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("ext4", "/dev/sdb1"), ("xfs", "/dev/mapper/vg-data"), ("btrfs", "/dev/sdb1"), ("zfs", "pool/data"), ("tmpfs", "tmpfs"),
        ("overlay", "overlay"), ("fuseblk", "/dev/sdb1"), ("fuse.mergerfs", "1:2"), ("fuse.fuse-overlayfs", "fuse-overlayfs"),
        ("fuse.gocryptfs", "/home/me/.crypt"), ("apfs", "/dev/disk1s1"), ("nfsd", "nfsd"), ("virtiofs", "data"),
    ],
)  # fmt: skip
def test_local_file_systems_are_left_alone(kind: str, source: str) -> None:
    assert find_network_mount(Path("/data/dealwire.db"), mounts(line("/data", kind, source))) is None


def test_the_deepest_mount_counts() -> None:
    text = mounts(line("/srv", "nfs4", "nas:/srv"), line("/srv/local", "ext4", "/dev/sdc1"))
    assert find_network_mount(Path("/srv/dealwire.db"), text) is not None
    assert find_network_mount(Path("/srv/local/dealwire.db"), text) is None
    assert find_network_mount(Path("/srvother/dealwire.db"), text) is None


def test_the_last_of_stacked_mounts_counts() -> None:
    automatic = line("/net", "autofs", "systemd-1")
    assert find_network_mount(Path("/net/x.db"), mounts(automatic, line("/net", "nfs", "nas:/x"))) is not None
    assert (
        find_network_mount(Path("/net/x.db"), mounts(line("/net", "nfs", "nas:/x"), line("/net", "ext4", "/dev/a")))
        is None
    )


def test_escaped_names_and_missing_optional_fields_are_read() -> None:
    text = mounts(line("/mnt/my\\040disk\\134a", "cifs", "//nas/my\\040share", optional=""))
    mount = find_network_mount(Path("/mnt/my disk\\a/dealwire.db"), text)
    assert mount is not None
    assert mount.source == "//nas/my share"


def test_links_are_followed(tmp_path: Path) -> None:
    """A link to the folder, and one to the file; the file need not exist."""
    nas = tmp_path / "nas"
    nas.mkdir()
    (tmp_path / "data").symlink_to(nas)
    (tmp_path / "dealwire.db").symlink_to(nas / "dealwire.db")
    text = mounts(line(str(nas), "nfs4", "nas:/"))
    assert find_network_mount(tmp_path / "data" / "new" / "dealwire.db", text) is not None
    assert find_network_mount(tmp_path / "dealwire.db", text) is not None
    assert find_network_mount(tmp_path / "other.db", text) is None


def test_a_database_that_is_mounted_alone_counts_with_its_folder() -> None:
    """The log is in the folder."""
    file = line("/data/dealwire.db", "ext4", "/dev/sda1")
    assert find_network_mount(Path("/data/dealwire.db"), mounts(line("/data", "nfs", "nas:/d"), file)) is not None
    assert find_network_mount(Path("/data/dealwire.db"), mounts(line("/data/dealwire.db", "9p", "host"))) is not None


@pytest.mark.parametrize("text", ["", "nonsense\n\n - \n1 2 3", "22 1 8:1 / /\n", " - nfs server:/x rw"])
def test_a_list_that_cannot_be_read_says_nothing(text: str) -> None:
    assert find_mount(Path("/data/dealwire.db"), text) is None
    assert find_network_mount(Path("/data/dealwire.db"), text) is None


def test_this_machines_own_list_can_be_read(tmp_path: Path) -> None:
    assert find_network_mount(tmp_path / "dealwire.db") is None


def test_the_sentence_says_what_to_do() -> None:
    mount = find_network_mount(Path("/data/dealwire.db"), mounts(line("/data", "nfs4", "nas:/x")))
    assert mount is not None
    text = explain_network_mount(Path("/data/dealwire.db"), mount)
    assert "is on a network file system (nfs4, mounted at /data)" in text
    assert text.endswith("move the database to a local disk, and set DATABASE_URL to its new place.")
