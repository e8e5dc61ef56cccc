"""What comes in, read field by field: the same rules for a file, a form and a command.

Every refusal is an InputError that names the key and what was expected there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from bot.errors import InputError
from bot.languages import say, say_count
from bot.model.company import Company, Party
from bot.model.dates import PartialDate
from bot.model.feed import Trust
from bot.model.story import Source
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.limits import (
    ALIASES_LIMIT,
    HEADLINE_LIMIT,
    NAME_LIMIT,
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    check_name,
    check_slug,
    check_text,
    check_url,
)

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class DevelopmentDraft:
    """A development as it comes in; without a key it is told by its date and headline."""

    date: PartialDate
    headline: str
    claim: Claim
    key: str = ""
    text: str = ""
    stage: Stage | None = None
    sources: tuple[Source, ...] = ()
    retracted: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """All of a story but its developments."""

    headline: str
    summary: str
    kind: Kind
    parties: tuple[Party, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryDraft:
    """A story, or a part of one, as it comes in. Without a face the story must be known, and keeps its own."""

    slug: str
    face: Face | None
    developments: tuple[DevelopmentDraft, ...] = ()


def read_story(data: Mapping[str, Any]) -> StoryDraft:
    """A story of the form that a story file has."""
    known_keys(data, "", ("slug", "headline", "summary", "kind", "related", "party", "development"))
    kind = read_word("kind", needed(data, "kind", ""), Kind)
    parties = tuple(
        _read_party(item, f"party[{place}]") for place, item in enumerate(tables(data, "party", ""), start=1)
    )
    if len(set(parties)) < len(parties):
        raise InputError("party", say("expected each company once in a role, one stands there twice"))
    developments = tuple(
        read_development(item, f"development[{place}]", kind)
        for place, item in enumerate(tables(data, "development", ""), start=1)
    )
    check_no_twins(developments)
    return StoryDraft(
        slug=check_slug("slug", needed(data, "slug", "")),
        face=Face(
            headline=check_text("headline", needed(data, "headline", ""), HEADLINE_LIMIT),
            summary=check_text("summary", needed(data, "summary", ""), SUMMARY_LIMIT, lines=True),
            kind=kind,
            parties=parties,
            related=_read_related(data),
        ),
        developments=developments,
    )


def read_development(data: Mapping[str, Any], where: str, kind: Kind) -> DevelopmentDraft:
    """A development of the form that a story file has, for a story of that kind."""
    known_keys(data, where, ("id", "date", "headline", "text", "claim", "stage", "retracted", "source"))
    stage = read_word(at(where, "stage"), data["stage"], Stage) if "stage" in data else None
    if stage is not None and not kind.is_deal:
        said = say("expected none: a story of the kind {kind} is no deal", kind=kind.label)
        raise InputError(at(where, "stage"), said)
    claim = read_word(at(where, "claim"), needed(data, "claim", where), Claim)
    check_denial(at(where, "stage"), claim, stage)
    return DevelopmentDraft(
        key=check_slug(at(where, "id"), data["id"]) if "id" in data else "",
        date=read_date(at(where, "date"), needed(data, "date", where)),
        headline=check_text(at(where, "headline"), needed(data, "headline", where), HEADLINE_LIMIT),
        text=check_text(at(where, "text"), data.get("text", ""), TEXT_LIMIT, lines=True, required=False),
        claim=claim,
        stage=stage,
        retracted=check_text(at(where, "retracted"), data["retracted"], HEADLINE_LIMIT) if "retracted" in data else "",
        sources=tuple(
            read_source(item, f"{where}.source[{place}]" if where else f"source[{place}]")
            for place, item in enumerate(tables(data, "source", where), start=1)
        ),
    )


def check_denial(key: str, claim: Claim, stage: Stage | None) -> None:
    """Refuse a denial with a stage: it says that something is not so, and moves a deal nowhere."""
    if claim is Claim.DENIED and stage is not None:
        raise InputError(key, say("expected none, because a denial changes no stage"))


def read_source(data: Mapping[str, Any], where: str) -> Source:
    """A source of the form that a story file has."""
    known_keys(data, where, ("publisher", "title", "url", "date"))
    return Source(
        publisher=check_text(at(where, "publisher"), needed(data, "publisher", where), NAME_LIMIT),
        title=check_text(at(where, "title"), data.get("title", ""), HEADLINE_LIMIT * 2, required=False),
        url=check_url(at(where, "url"), data["url"]) if "url" in data else "",
        date=read_date(at(where, "date"), data["date"]) if "date" in data else None,
    )


@dataclass(frozen=True, slots=True)
class FeedDraft:
    """A feed as a file or a list names it. What is empty or None is not said, and stays as it is known."""

    url: str
    title: str = ""
    trust: Trust | None = None


def read_feed(data: Mapping[str, Any], where: str) -> FeedDraft:
    """A feed of the form that ``feeds.toml`` has."""
    known_keys(data, where, ("url", "title", "trust"))
    return FeedDraft(
        url=check_url(at(where, "url"), needed(data, "url", where)),
        title=check_text(at(where, "title"), data.get("title", ""), HEADLINE_LIMIT, required=False),
        trust=read_word(at(where, "trust"), data["trust"], Trust) if "trust" in data else None,
    )


def read_company(data: Mapping[str, Any], where: str) -> Company:
    """A company of the form that ``companies.toml`` has."""
    known_keys(data, where, ("name", "aliases", "country", "ticker"))
    aliases = data.get("aliases", [])
    if not isinstance(aliases, list) or len(aliases) > ALIASES_LIMIT:
        said = say_count(
            "expected a list of at most {count} name", "expected a list of at most {count} names", ALIASES_LIMIT
        )
        raise InputError(at(where, "aliases"), said)
    name = check_name(at(where, "name"), needed(data, "name", where))
    names = [check_name(f"{at(where, 'aliases')}[{i}]", alias) for i, alias in enumerate(aliases, start=1)]
    country = check_text(at(where, "country"), data.get("country", ""), 2, required=False)
    if country and not (len(country) == 2 and country.isascii() and country.isupper()):
        said = say("expected two capital letters such as JP, not {typed!r}", typed=country)
        raise InputError(at(where, "country"), said)
    return Company(
        name=name,
        aliases=tuple(dict.fromkeys(alias for alias in names if alias != name)),
        country=country,
        ticker=check_text(at(where, "ticker"), data.get("ticker", ""), 20, required=False),
    )


def read_date(key: str, value: object) -> PartialDate:
    """A partial date, written as text."""
    if not isinstance(value, str):
        raise InputError(key, say("expected a date as YYYY, YYYY-MM or YYYY-MM-DD, in quotes"))
    try:
        return PartialDate.parse(value.strip())
    except ValueError as exc:
        said = say("expected a date as YYYY, YYYY-MM or YYYY-MM-DD, not {typed!r}", typed=value[:40])
        raise InputError(key, said) from exc


def read_word(key: str, value: object, words: type[_Word]) -> _Word:
    """One of a vocabulary's words, or what it is called in the language that is spoken."""
    typed = value.strip().casefold() if isinstance(value, str) else ""
    called = next((word for word in words if typed == getattr(word, "label", "").casefold() != ""), None)
    if called is not None:
        return called
    try:
        return words(value)  # type: ignore[arg-type]  # any value may be asked about; a wrong one raises
    except ValueError as exc:
        listed = ", ".join(word.value for word in words)
        said = say("expected one of {words}, not {typed!r}", words=listed, typed=_shown(value))
        raise InputError(key, said) from exc


def _shown(value: object) -> str:
    try:
        return str(value)[:40]
    except (ValueError, RecursionError):
        # A number of more digits than Python prints, or tables in tables in tables.
        return type(value).__name__


def check_no_twins(developments: Sequence[DevelopmentDraft]) -> None:
    """Refuse two developments of one id, or of one date and headline."""
    names: set[tuple[str, str]] = set()
    keys: set[str] = set()
    for place, draft in enumerate(developments, start=1):
        name = (str(draft.date), draft.headline)
        if name in names:
            said = say("expected one development of a date and headline, this is a second")
            raise InputError(f"development[{place}]", said)
        if draft.key and draft.key in keys:
            said = say("expected each id once, {id} stands there twice", id=repr(draft.key))
            raise InputError(f"development[{place}].id", said)
        names.add(name)
        keys.add(draft.key)


def needed(data: Mapping[str, Any], key: str, where: str) -> Any:
    """The value of a key that must be there."""
    if key not in data:
        raise InputError(at(where, key), say("expected, it is missing"))
    return data[key]


def known_keys(data: Mapping[str, Any], where: str, keys: Sequence[str]) -> None:
    """Refuse a key that is not one of these."""
    for key in data:
        if key not in keys:
            shown = str(key)[:60]
            raise InputError(
                at(where, shown if shown.isprintable() else repr(shown)),
                say("unknown key, expected one of {keys}", keys=", ".join(keys)),
            )


def tables(data: Mapping[str, Any], key: str, where: str) -> Sequence[Mapping[str, Any]]:
    """The tables under a key (``[[party]]``), none when it is absent."""
    items = data.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        header = re.sub(r"\[\d+\]", "", at(where, key))
        raise InputError(at(where, key), say("expected tables, each headed [[{header}]]", header=header))
    return items


def at(where: str, key: str) -> str:
    """The key's full name within the input."""
    return f"{where}.{key}" if where else key


def _read_party(data: Mapping[str, Any], where: str) -> Party:
    known_keys(data, where, ("company", "role"))
    return Party(
        company=check_name(at(where, "company"), needed(data, "company", where)),
        role=check_text(at(where, "role"), data.get("role", ""), NAME_LIMIT, required=False),
    )


def _read_related(data: Mapping[str, Any]) -> tuple[str, ...]:
    related = data.get("related", [])
    if not isinstance(related, list):
        raise InputError("related", say("expected a list of slugs"))
    slugs = [check_slug(f"related[{place}]", slug) for place, slug in enumerate(related, start=1)]
    if data.get("slug") in slugs:
        raise InputError("related", say("expected other stories, it names its own"))
    return tuple(dict.fromkeys(slugs))
