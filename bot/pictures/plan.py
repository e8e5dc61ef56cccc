"""What a picture shows, as plain values that go to the drawing process: nothing in them is decided by the drawer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from bot.languages import ENGLISH

#: A text in several spellings, best first: the drawer takes the first of which its fonts have every letter.
Label: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A development: the first and the last day that its date can mean, the same for a full date.

    ``number`` ties it to its note; 0 for one that has none.
    """

    first: int
    last: int
    claim: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stage from one day to another; in the days until ``sure`` it may not have been reached yet."""

    first: int
    sure: int
    last: int
    stage: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A story over time: its stages, its developments. ``is_open`` says that its last stage goes on."""

    label: Label
    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    is_open: bool
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What a numbered mark stands for."""

    number: int
    claim: str
    date: str
    text: Label


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes over the same days, with notes below; ``foot`` says what is not shown, and as of when.

    ``language`` is the one that its texts are in, and that the drawer says its own words in.
    """

    lanes: tuple[Lane, ...]
    first: int
    last: int
    notes: tuple[Note, ...] = ()
    foot: str = ""
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Edge:
    """A partner of a company: the stage of the nearest deal between them and its name, what kind it is, how many there are."""

    partner: Label
    stage: str
    stands: str
    kind: str
    deals: int
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Web:
    """A company among its partners; ``language`` as of a :class:`Timeline`."""

    centre: Label
    edges: tuple[Edge, ...]
    foot: str = ""
    language: str = ENGLISH


Plan: TypeAlias = Timeline | Web


def packed(plan: Plan) -> bytes:
    """The plan as it goes to the drawer; equal plans are equal bytes."""
    return json.dumps({"what": type(plan).__name__, **asdict(plan)}, ensure_ascii=True).encode()


def unpacked(data: bytes) -> Plan:
    """What :func:`packed` made."""
    read: dict[str, Any] = json.loads(data)
    if read.pop("what") == Web.__name__:
        edges = tuple(Edge(tuple(e.pop("partner")), **e) for e in read["edges"])
        return Web(tuple(read["centre"]), edges, read["foot"], read["language"])
    lanes = tuple(
        Lane(
            tuple(lane["label"]),
            tuple(Stretch(**each) for each in lane["stretches"]),
            tuple(Mark(**each) for each in lane["marks"]),
            lane["is_open"],
            lane["disputed"],
        )
        for lane in read["lanes"]
    )
    notes = tuple(Note(n["number"], n["claim"], n["date"], tuple(n["text"])) for n in read["notes"])
    return Timeline(lanes, read["first"], read["last"], notes, read["foot"], read["language"])
