"""Messages between the bot and a worker: a JSON object, and bytes. Unlike pickles, they cannot run code.

A message is two lengths, the object in JSON, and the bytes as they are. A request is one message. An answer is any number of
messages; the last one is marked by its key ``end`` or ``error``, and only that one may carry bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

#: Lengths of the object and of the bytes, in bytes.
LENGTHS = struct.Struct(">II")
#: The largest object of an answer: an article at all its limits is far smaller.
OBJECT_LIMIT = 200_000
#: The most messages of an answer.
MESSAGES_LIMIT = 5_000


def encode_head(data: Mapping[str, Any], size: int) -> bytes:
    """Return a message without its bytes; ``size`` is how many bytes follow."""
    content = json.dumps(data).encode()
    return LENGTHS.pack(len(content), size) + content


def encode_message(data: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a whole message."""
    return encode_head(data, len(body)) + body


def read_message(pipe: BinaryIO) -> tuple[dict[str, str], bytes]:
    """Read the next request. Raise EOFError if there will be none."""
    lengths = pipe.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        raise EOFError
    object_size, body_size = LENGTHS.unpack(lengths)
    header: dict[str, str] = json.loads(pipe.read(object_size))
    body = pipe.read(body_size)
    if len(body) < body_size:
        raise EOFError
    return header, body
