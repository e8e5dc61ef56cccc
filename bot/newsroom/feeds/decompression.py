"""Unpacks what servers send packed (RFC 9110, 8.4), within a limit whatever it was packed from, and however often."""

from __future__ import annotations

import zlib

#: The codings of one answer, said or not, that are undone; more is an attack.
_MAX_LAYERS = 4
#: The members of one gzip file. Each costs a copy of the rest.
_MAX_MEMBERS = 100
_GZIP = b"\x1f\x8b\x08"
_GZIP_NAMES = frozenset({"gzip", "x-gzip"})
#: Codings that we do not ask for and cannot undo. Any other name is taken for one that changes nothing: servers write “none” and “UTF-8”.
_UNSUPPORTED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "bzip2", "xz", "lzma"})


class DecompressionError(Exception):
    """It is not packed in the way that is said; ``coding`` is that way."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding


class UnsupportedEncodingError(DecompressionError):
    """It is packed in a way that we cannot undo."""


class DecompressedTooLargeError(Exception):
    """It has more bytes than the limit."""


def is_compressed(body: bytes, encoding: str) -> bool:
    """Return whether there is anything to unpack, by the ``Content-Encoding`` header or by the first bytes."""
    return body.startswith(_GZIP) or not {"deflate", *_GZIP_NAMES, *_UNSUPPORTED}.isdisjoint(
        _parse_encodings(encoding) if body else ()
    )


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo the codings of a ``Content-Encoding`` header, then gzip that no header tells of. Raise UnpackingError or UnpacksTooLarge."""
    names = _parse_encodings(encoding)
    if len(names) > _MAX_LAYERS:
        raise UnsupportedEncodingError(", ".join(names[:_MAX_LAYERS]))
    for name in reversed(names):
        body = _decode_layer(name, body, limit)
    for _ in range(_MAX_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _decode_layer("gzip", body, limit)
    return body


def _parse_encodings(encoding: str) -> list[str]:
    return [name for part in encoding.split(",") if (name := part.strip().lower())]


def _decode_layer(name: str, body: bytes, limit: int) -> bytes:
    if name in _UNSUPPORTED:
        raise UnsupportedEncodingError(name)
    try:
        if name in _GZIP_NAMES:
            return _gunzip(body, limit)
        if name == "deflate":
            return _inflate(body, limit)
    except zlib.error as exc:
        raise DecompressionError(name) from exc
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    """Unpack one gzip member after the other; what is behind them is no part of the answer."""
    output = bytearray()
    for _ in range(_MAX_MEMBERS):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        output += member.decompress(body, limit + 1 - len(output))
        if len(output) > limit:
            raise DecompressedTooLargeError
        body = member.unused_data
        if not body.startswith(_GZIP):
            return bytes(output)
    raise DecompressionError("gzip")


def _inflate(body: bytes, limit: int) -> bytes:
    """Unpack deflate as RFC 9110 has it, or without its frame, as some servers send it."""
    try:
        output = zlib.decompressobj().decompress(body, limit + 1)
    except zlib.error:
        output = zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, limit + 1)
    if len(output) > limit:
        raise DecompressedTooLargeError
    return output
