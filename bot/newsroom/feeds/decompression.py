"""Decompress response bodies within a limit on their size, even if they were compressed several times.

Servers name the encodings in ``Content-Encoding`` (https://www.rfc-editor.org/rfc/rfc9110#section-8.4), or not at all.
"""

from __future__ import annotations

import zlib

#: The most encodings of one response that are undone, declared or not; more is an attack.
_MAX_LAYERS = 4
#: The most members of one gzip file. Each costs a copy of the rest.
_MAX_MEMBERS = 100
_GZIP = b"\x1f\x8b\x08"
_GZIP_NAMES = frozenset({"gzip", "x-gzip"})
#: Encodings that we do not ask for and cannot undo. Any other name is taken to change nothing: servers write “none” and “UTF-8”.
_UNSUPPORTED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "bzip2", "xz", "lzma"})


class DecompressionError(Exception):
    """The body is not compressed in the way that ``encoding`` says."""

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding


class UnsupportedEncodingError(DecompressionError):
    """The body is compressed in a way that this module cannot undo."""


class DecompressedTooLargeError(Exception):
    """The decompressed body has more bytes than the limit."""


def is_compressed(body: bytes, encoding: str) -> bool:
    """Return whether there is anything to decompress, by the ``Content-Encoding`` header or by the first bytes."""
    return body.startswith(_GZIP) or not {"deflate", *_GZIP_NAMES, *_UNSUPPORTED}.isdisjoint(
        _parse_encodings(encoding) if body else ()
    )


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo the encodings of a ``Content-Encoding`` header, then gzip that no header mentions.

    Raise DecompressionError or DecompressedTooLargeError.
    """
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
    """Decompress one gzip member after the other. What follows them is no part of the answer."""
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
    """Decompress deflate as RFC 9110 defines it, or without its zlib header, as some servers send it."""
    try:
        output = zlib.decompressobj().decompress(body, limit + 1)
    except zlib.error:
        output = zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, limit + 1)
    if len(output) > limit:
        raise DecompressedTooLargeError
    return output
