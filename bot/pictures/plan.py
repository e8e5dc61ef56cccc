"""Plans: everything that a picture shows, as plain values for the drawing process, which decides nothing about them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from bot.languages import ENGLISH

#: A text in several spellings, best first: the drawing process takes the first of which its fonts have every letter.
Label: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """A development: the first and the last day that its date can mean, the same for a full date.

    ``number`` links it to its note; 0 if it has none. With ``is_bounded`` nothing is known but the last day; the first
    is that of the picture.
    """

    first: int
    last: int
    claim: str
    number: int = 0
    is_bounded: bool = False


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stage from one day to another. Until ``sure`` it may not have been reached yet."""

    first: int
    sure: int
    last: int
    stage: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A story over time: its stages and its developments. If ``is_open``, its last stage goes on."""

    label: Label
    stretches: tuple[StageSpan, ...]
    marks: tuple[TimelineMark, ...]
    is_open: bool
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class TimelineNote:
    """The text that belongs to a numbered mark."""

    number: int
    claim: str
    date: str
    text: Label


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes over the same days, with notes below. ``foot`` says what is not shown, and the "as of" date.

    ``language`` is the language of its texts, and of the words that the drawing process adds.
    """

    lanes: tuple[Lane, ...]
    first: int
    last: int
    notes: tuple[TimelineNote, ...] = ()
    foot: str = ""
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Edge:
    """A partner of a company: the stage of the nearest deal between them (value and label), its kind, and the others.

    ``is_apart`` marks a company that is only in the same deals: it does not deal with the company, and gets no line.
    """

    partner: Label
    stage: str
    stage_label: str
    kind: str
    deals: int
    others: str = ""
    disputed: bool = False
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class PartnerGraph:
    """A company among its partners; ``language`` as of a :class:`Timeline`."""

    centre: Label
    edges: tuple[Edge, ...]
    foot: str = ""
    language: str = ENGLISH


Plan: TypeAlias = Timeline | PartnerGraph


def encode_plan(plan: Plan) -> bytes:
    """Return the plan as bytes for the drawing process. Equal plans are equal bytes."""
    return json.dumps({"what": type(plan).__name__, **asdict(plan)}, ensure_ascii=True).encode()


def decode_plan(data: bytes) -> Plan:
    """Return the plan that :func:`encode_plan` encoded."""
    values: dict[str, Any] = json.loads(data)
    if values.pop("what") == PartnerGraph.__name__:
        edges = tuple(Edge(tuple(edge.pop("partner")), **edge) for edge in values["edges"])
        return PartnerGraph(tuple(values["centre"]), edges, values["foot"], values["language"])
    lanes = tuple(
        Lane(
            tuple(lane["label"]),
            tuple(StageSpan(**each) for each in lane["stretches"]),
            tuple(TimelineMark(**each) for each in lane["marks"]),
            lane["is_open"],
            lane["disputed"],
        )
        for lane in values["lanes"]
    )
    notes = tuple(
        TimelineNote(note["number"], note["claim"], note["date"], tuple(note["text"])) for note in values["notes"]
    )
    return Timeline(lanes, values["first"], values["last"], notes, values["foot"], values["language"])
