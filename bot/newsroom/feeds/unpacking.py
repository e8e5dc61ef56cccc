"""Unpacks what servers send packed (RFC 9110, 8.4), within a limit whatever it was packed from, and however often."""

from __future__ import annotations

import zlib

#: The codings of one answer, said or not, that are undone; more is an attack.
_LAYERS = 4
#: The members of one gzip file. Each costs a copy of the rest.
_MEMBERS = 100
_GZIP = b"\x1f\x8b\x08"
_GZIP_NAMES = frozenset({"gzip", "x-gzip"})
#: Codings that we do not ask for and cannot undo. Any other name is taken for one that changes nothing: servers write “none” and “UTF-8”.
_UNKNOWN = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "bzip2", "xz", "lzma"})


class UnpackingError(Exception):
    """It is not packed in the way that is said; ``coding`` is that way."""

    def __init__(self, coding: str) -> None:
        super().__init__(coding)
        self.coding = coding


class UnknownCoding(UnpackingError):
    """It is packed in a way that we cannot undo."""


class UnpacksTooLarge(Exception):
    """It has more bytes than the limit."""


def is_packed(body: bytes, encoding: str) -> bool:
    """Return whether there is anything to unpack, by the ``Content-Encoding`` header or by the first bytes."""
    return body.startswith(_GZIP) or not {"deflate", *_GZIP_NAMES, *_UNKNOWN}.isdisjoint(
        _names(encoding) if body else ()
    )


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo the codings of a ``Content-Encoding`` header, then gzip that no header tells of. Raise UnpackingError or UnpacksTooLarge."""
    names = _names(encoding)
    if len(names) > _LAYERS:
        raise UnknownCoding(", ".join(names[:_LAYERS]))
    for name in reversed(names):
        body = _without(name, body, limit)
    for _ in range(_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _without("gzip", body, limit)
    return body


def _names(encoding: str) -> list[str]:
    return [name for part in encoding.split(",") if (name := part.strip().lower())]


def _without(name: str, body: bytes, limit: int) -> bytes:
    if name in _UNKNOWN:
        raise UnknownCoding(name)
    try:
        if name in _GZIP_NAMES:
            return _gunzipped(body, limit)
        if name == "deflate":
            return _inflated(body, limit)
    except zlib.error as exc:
        raise UnpackingError(name) from exc
    return body


def _gunzipped(body: bytes, limit: int) -> bytes:
    """Unpack one gzip member after the other; what is behind them is no part of the answer."""
    whole = bytearray()
    for _ in range(_MEMBERS):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        whole += member.decompress(body, limit + 1 - len(whole))
        if len(whole) > limit:
            raise UnpacksTooLarge
        body = member.unused_data
        if not body.startswith(_GZIP):
            return bytes(whole)
    raise UnpackingError("gzip")


def _inflated(body: bytes, limit: int) -> bytes:
    """Unpack deflate as RFC 9110 has it, or without its frame, as some servers send it."""
    try:
        whole = zlib.decompressobj().decompress(body, limit + 1)
    except zlib.error:
        whole = zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, limit + 1)
    if len(whole) > limit:
        raise UnpacksTooLarge
    return whole
