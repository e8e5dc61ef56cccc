"""What goes between the bot and a worker: lengths, JSON and bytes. Nothing that comes back is ever run.

A *request* is one frame: two lengths, a header in JSON, a body as it is. An *answer* is any number of frames of a length and JSON; the
last one is marked by its key ``end`` or ``error``.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

#: The largest part of an answer: an article at all its limits is far smaller.
PART_LIMIT = 200_000
#: The most parts of an answer.
PARTS_LIMIT = 5_000
LENGTH_PREFIX = struct.Struct(">I")
REQUEST_PREFIX = struct.Struct(">II")


def encode_request_head(header: Mapping[str, str], size: int) -> bytes:
    """What is sent in front of a body of this size."""
    header_bytes = json.dumps(header).encode()
    return REQUEST_PREFIX.pack(len(header_bytes), size) + header_bytes


def read_request(pipe: BinaryIO) -> tuple[dict[str, str], bytes]:
    """The next request; EOFError when there will be none."""
    sizes = pipe.read(REQUEST_PREFIX.size)
    if len(sizes) < REQUEST_PREFIX.size:
        raise EOFError
    header_size, body_size = REQUEST_PREFIX.unpack(sizes)
    header: dict[str, str] = json.loads(pipe.read(header_size))
    body = pipe.read(body_size)
    if len(body) < body_size:
        raise EOFError
    return header, body


def encode_part(data: Mapping[str, Any]) -> bytes:
    """One part of an answer as it is sent."""
    content = json.dumps(data).encode()
    return LENGTH_PREFIX.pack(len(content)) + content
