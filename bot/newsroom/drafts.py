"""Parsing of input, field by field, with the same rules for a file, a form and a command.

Every refusal is an InputError that names the key and the expected value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from bot.errors import InputError
from bot.languages import is_currency, say, say_count
from bot.model.company import Company, Party
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, ExpectedEvent, ExpectedOutcome
from bot.model.feed import Trust
from bot.model.figures import UNIT_LIMIT
from bot.model.story import DescribedState, Development, Source
from bot.model.terms import Term, TermName
from bot.model.vocabulary import Bound, Claim, Kind, Stage
from bot.newsroom.field_validation import (
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

_EnumT = TypeVar("_EnumT", bound=StrEnum)
_AMOUNT = re.compile(r"\d{1,18}(?:\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class DevelopmentDraft:
    """A development to publish. Without a key it is identified by its date and headline."""

    date: PartialDate
    headline: str
    claim: Claim
    key: str = ""
    text: str = ""
    stage: Stage | None = None
    sources: tuple[Source, ...] = ()
    retraction_reason: str = ""

    @classmethod
    def from_development(cls, development: Development) -> DevelopmentDraft:
        """Return a draft that changes nothing of a development."""
        return cls(
            date=development.date,
            headline=development.headline,
            claim=development.claim,
            key=development.key,
            text=development.text,
            stage=development.stage,
            sources=development.sources,
            retraction_reason=development.retraction_reason,
        )


@dataclass(frozen=True, slots=True)
class StoryHeader:
    """All of a story except its developments and terms."""

    headline: str
    summary: str
    kind: Kind
    parties: tuple[Party, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryDraft:
    """A story to publish, or a part of one. Without a header the story must exist, and keeps its own.

    Its terms are matched by their keys; one without a key is new, unless the story has the same figure. Its expected events
    are matched by their keys, else by date and headline.

    Attributes:
        described_state: the state of the deal that somebody has declared headline and summary to describe; None if nobody
            has. New ones are then taken to describe the story as it is.
    """

    slug: str
    header: StoryHeader | None
    developments: tuple[DevelopmentDraft, ...] = ()
    terms: tuple[Term, ...] = ()
    expected_events: tuple[ExpectedEvent, ...] = ()
    described_state: DescribedState | None = None


def parse_story(data: Mapping[str, Any]) -> StoryDraft:
    """Parse a story of the story file format."""
    check_keys(data, "", ("slug", "headline", "summary", "kind", "related", "party", "development", "expected", "term"))
    kind = parse_enum("kind", get_required(data, "kind", ""), Kind)
    parties = tuple(
        _parse_party(item, f"party[{index}]") for index, item in enumerate(get_tables(data, "party", ""), start=1)
    )
    if len(set(parties)) < len(parties):
        raise InputError("party", say("expected each company once per role, but one appears twice"))
    developments = tuple(
        parse_development(item, f"development[{index}]", kind)
        for index, item in enumerate(get_tables(data, "development", ""), start=1)
    )
    check_no_duplicates(developments)
    terms = tuple(parse_term(item, f"term[{n}]") for n, item in enumerate(get_tables(data, "term", ""), start=1))
    _check_keys_differ("term", [term.key for term in terms])
    expected_events = tuple(
        parse_expected_event(item, f"expected[{index}]")
        for index, item in enumerate(get_tables(data, "expected", ""), start=1)
    )
    _check_no_duplicate_events(expected_events)
    return StoryDraft(
        slug=check_slug("slug", get_required(data, "slug", "")),
        header=StoryHeader(
            headline=check_text("headline", get_required(data, "headline", ""), HEADLINE_LIMIT),
            summary=check_text("summary", get_required(data, "summary", ""), SUMMARY_LIMIT, multiline=True),
            kind=kind,
            parties=parties,
            related=_parse_related(data),
        ),
        developments=developments,
        terms=terms,
        expected_events=expected_events,
    )


def parse_development(data: Mapping[str, Any], path: str, kind: Kind) -> DevelopmentDraft:
    """Parse a development of the story file format, for a story of that kind."""
    check_keys(data, path, ("id", "date", "headline", "text", "claim", "stage", "retracted", "source"))
    stage = parse_enum(join_path(path, "stage"), data["stage"], Stage) if "stage" in data else None
    if stage is not None and not kind.is_deal:
        message = say("not allowed: a story of the kind {kind} is not a deal", kind=kind.label)
        raise InputError(join_path(path, "stage"), message)
    claim = parse_enum(join_path(path, "claim"), get_required(data, "claim", path), Claim)
    check_denial(join_path(path, "stage"), claim, stage)
    return DevelopmentDraft(
        key=check_slug(join_path(path, "id"), data["id"]) if "id" in data else "",
        date=parse_partial_date(join_path(path, "date"), get_required(data, "date", path)),
        headline=check_text(join_path(path, "headline"), get_required(data, "headline", path), HEADLINE_LIMIT),
        text=check_text(join_path(path, "text"), data.get("text", ""), TEXT_LIMIT, multiline=True, required=False),
        claim=claim,
        stage=stage,
        retraction_reason=check_text(join_path(path, "retracted"), data["retracted"], HEADLINE_LIMIT)
        if "retracted" in data
        else "",
        sources=_parse_sources(data, path),
    )


def parse_term(data: Mapping[str, Any], path: str) -> Term:
    """Parse a term of the story file format."""
    check_keys(data, path, ("id", "name", "amount", "bound", "unit", "claim", "date", "retracted", "source"))
    name = parse_enum(join_path(path, "name"), get_required(data, "name", path), TermName)
    unit = check_unit(join_path(path, "unit"), get_required(data, "unit", path), name)
    return Term(
        key=check_slug(join_path(path, "id"), get_required(data, "id", path)),
        name=name,
        amount=check_amount(join_path(path, "amount"), get_required(data, "amount", path), name, unit),
        unit=unit,
        claim=parse_enum(join_path(path, "claim"), get_required(data, "claim", path), Claim),
        bound=parse_enum(join_path(path, "bound"), data["bound"], Bound) if "bound" in data else None,
        date=parse_partial_date(join_path(path, "date"), data["date"]) if "date" in data else None,
        sources=_parse_sources(data, path),
        retraction_reason=check_text(join_path(path, "retracted"), data["retracted"], HEADLINE_LIMIT)
        if "retracted" in data
        else "",
    )


def check_unit(key: str, value: object, name: TermName) -> str:
    """Return a unit. Refuse one that is no currency for a sum of money."""
    unit = check_text(key, value, UNIT_LIMIT)
    if name.is_money and not is_currency(unit):
        raise InputError(key, say("expected an ISO 4217 currency such as USD, not {unit!r}", unit=unit))
    return unit


def check_amount(key: str, value: object, name: TermName, unit: str) -> Decimal:
    """Return an exact number. Refuse one that is not written as digits, and a share of more than 100 %."""
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value.strip()):
        message = say(
            'expected a number in quotes such as "69000000000" or "1.5", not {typed!r}', typed=_shorten(value)
        )
        raise InputError(key, message)
    amount = Decimal(value.strip())
    if name is TermName.STAKE and unit == "%" and amount > 100:
        raise InputError(key, say("expected at most 100%, not {typed!r}", typed=_shorten(value)))
    return amount


def _parse_sources(data: Mapping[str, Any], path: str) -> tuple[Source, ...]:
    return tuple(
        parse_source(item, join_path(path, f"source[{index}]"))
        for index, item in enumerate(get_tables(data, "source", path), start=1)
    )


def parse_expected_event(data: Mapping[str, Any], path: str) -> ExpectedEvent:
    """Parse an expected event of the story file format."""
    check_keys(data, path, ("id", "headline", "date", "outcome", "development", "reason", "source"))
    outcome = parse_enum(join_path(path, "outcome"), data["outcome"], ExpectedOutcome) if "outcome" in data else None
    for key, only_outcome in (("development", ExpectedOutcome.HAPPENED), ("reason", ExpectedOutcome.DROPPED)):
        if key in data and outcome is not only_outcome:
            message = say("only allowed if the outcome is {outcome}", outcome=only_outcome.value)
            raise InputError(join_path(path, key), message)
    return ExpectedEvent(
        key=check_slug(join_path(path, "id"), get_required(data, "id", path)),
        headline=check_text(join_path(path, "headline"), get_required(data, "headline", path), HEADLINE_LIMIT),
        date=_parse_expected_date(join_path(path, "date"), get_required(data, "date", path)),
        outcome=outcome,
        development_key=check_slug(join_path(path, "development"), data["development"])
        if "development" in data
        else "",
        reason=check_text(join_path(path, "reason"), data["reason"], HEADLINE_LIMIT) if "reason" in data else "",
        sources=_parse_sources(data, path),
    )


def _parse_expected_date(key: str, value: object) -> ExpectedDate:
    if not isinstance(value, str):
        raise InputError(
            key, say("expected a date as YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Q2, YYYY-H1 or by YYYY-MM, in quotes")
        )
    try:
        return ExpectedDate.parse_input(value)
    except ValueError as exc:
        message = say(
            "expected a date as YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Q2, YYYY-H1 or by YYYY-MM, not {typed!r}",
            typed=value[:40],
        )
        raise InputError(key, message) from exc


def check_denial(key: str, claim: Claim, stage: Stage | None) -> None:
    """Refuse a denial with a stage: a denial moves a deal nowhere."""
    if claim is Claim.DENIED and stage is not None:
        raise InputError(key, say("not allowed: a denial changes no stage"))


def check_date(key: str, development_date: PartialDate, latest_date: date) -> None:
    """Refuse the date of a development that is still to come."""
    if development_date.is_after(latest_date):
        message = say(
            "expected a date no later than tomorrow, not {date}; add what is still to come as an expected event",
            date=development_date.display,
        )
        raise InputError(key, message)


def parse_source(data: Mapping[str, Any], path: str) -> Source:
    """Parse a source of the story file format."""
    check_keys(data, path, ("publisher", "title", "url", "date"))
    return Source(
        publisher=check_text(join_path(path, "publisher"), get_required(data, "publisher", path), NAME_LIMIT),
        title=check_text(join_path(path, "title"), data.get("title", ""), HEADLINE_LIMIT * 2, required=False),
        url=check_url(join_path(path, "url"), data["url"]) if "url" in data else "",
        date=parse_partial_date(join_path(path, "date"), data["date"]) if "date" in data else None,
    )


@dataclass(frozen=True, slots=True)
class FeedDraft:
    """A feed as a file or a list names it. An empty title or no trust leaves the stored one as it is."""

    url: str
    title: str = ""
    trust: Trust | None = None


def parse_feed_draft(data: Mapping[str, Any], path: str) -> FeedDraft:
    """Parse a feed of the format of ``feeds.toml``."""
    check_keys(data, path, ("url", "title", "trust"))
    return FeedDraft(
        url=check_url(join_path(path, "url"), get_required(data, "url", path)),
        title=check_text(join_path(path, "title"), data.get("title", ""), HEADLINE_LIMIT, required=False),
        trust=parse_enum(join_path(path, "trust"), data["trust"], Trust) if "trust" in data else None,
    )


def parse_company(data: Mapping[str, Any], path: str) -> Company:
    """Parse a company of the format of ``companies.toml``."""
    check_keys(data, path, ("name", "aliases", "country", "ticker"))
    aliases = data.get("aliases", [])
    if not isinstance(aliases, list) or len(aliases) > ALIASES_LIMIT:
        message = say_count(
            "expected a list of at most {count} name", "expected a list of at most {count} names", ALIASES_LIMIT
        )
        raise InputError(join_path(path, "aliases"), message)
    name = check_name(join_path(path, "name"), get_required(data, "name", path))
    names = [
        check_name(f"{join_path(path, 'aliases')}[{index}]", alias) for index, alias in enumerate(aliases, start=1)
    ]
    country = check_text(join_path(path, "country"), data.get("country", ""), 2, required=False)
    if country and not (len(country) == 2 and country.isascii() and country.isupper()):
        message = say("expected two capital letters such as JP, not {typed!r}", typed=country)
        raise InputError(join_path(path, "country"), message)
    return Company(
        name=name,
        aliases=tuple(dict.fromkeys(alias for alias in names if alias != name)),
        country=country,
        ticker=check_text(join_path(path, "ticker"), data.get("ticker", ""), 20, required=False),
    )


def parse_partial_date(key: str, value: object) -> PartialDate:
    """Parse a partial date that is written as text, with ``by`` also in the current language."""
    if not isinstance(value, str):
        raise InputError(key, say("expected a date as YYYY, YYYY-MM, YYYY-MM-DD or by YYYY-MM, in quotes"))
    try:
        return PartialDate.parse_input(value)
    except ValueError as exc:
        message = say("expected a date as YYYY, YYYY-MM, YYYY-MM-DD or by YYYY-MM, not {typed!r}", typed=value[:40])
        raise InputError(key, message) from exc


def parse_enum(key: str, value: object, members: Iterable[_EnumT]) -> _EnumT:
    """Parse a value of one of *members*, or its label in the current language.

    Raises InputError, which lists the members.
    """
    candidates = tuple(members)
    text = value.strip().casefold() if isinstance(value, str) else ""
    for member in candidates:
        if value == member.value or text == getattr(member, "label", "").casefold() != "":
            return member
    values = ", ".join(member.value for member in candidates)
    raise InputError(key, say("expected one of {words}, not {typed!r}", words=values, typed=_shorten(value)))


def _shorten(value: object) -> str:
    try:
        return str(value)[:40]
    except (ValueError, RecursionError):
        # A number with more digits than Python prints, or tables that are nested too deeply.
        return type(value).__name__


def check_no_duplicates(developments: Sequence[DevelopmentDraft]) -> None:
    """Refuse two developments of one id, or of one date and headline."""
    names: set[tuple[str, str]] = set()
    for index, draft in enumerate(developments, start=1):
        name = (str(draft.date), draft.headline)
        if name in names:
            message = say("expected a different date or headline: another development has both")
            raise InputError(f"development[{index}]", message)
        names.add(name)
    _check_keys_differ("development", [draft.key for draft in developments])


def _check_keys_differ(table: str, keys: Sequence[str]) -> None:
    seen_keys: set[str] = set()
    for index, key in enumerate(keys, start=1):
        if key and key in seen_keys:
            raise InputError(f"{table}[{index}].id", say("expected each id once, but {id} appears twice", id=repr(key)))
        seen_keys.add(key)


def _check_no_duplicate_events(events: Sequence[ExpectedEvent]) -> None:
    """Refuse two expected events of one id, or of one date and headline."""
    _check_keys_differ("expected", [event.key for event in events])
    names: set[tuple[ExpectedDate, str]] = set()
    for index, event in enumerate(events, start=1):
        if (event.date, event.headline) in names:
            message = say("expected a different date or headline: another expected event has both")
            raise InputError(f"expected[{index}]", message)
        names.add((event.date, event.headline))


def get_required(data: Mapping[str, Any], key: str, path: str) -> Any:
    """Return the value of a key. Raises InputError if it is missing."""
    if key not in data:
        raise InputError(join_path(path, key), say("required, but missing"))
    return data[key]


def check_keys(data: Mapping[str, Any], path: str, keys: Sequence[str]) -> None:
    """Refuse a key that is not one of these."""
    for key in data:
        if key not in keys:
            shown_key = str(key)[:60]
            raise InputError(
                join_path(path, shown_key if shown_key.isprintable() else repr(shown_key)),
                say("unknown key, expected one of {keys}", keys=", ".join(keys)),
            )


def get_tables(data: Mapping[str, Any], key: str, path: str) -> Sequence[Mapping[str, Any]]:
    """Return the tables under a key (``[[party]]``), none if it is absent."""
    items = data.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        header = re.sub(r"\[\d+\]", "", join_path(path, key))
        raise InputError(join_path(path, key), say("expected tables, each headed [[{header}]]", header=header))
    return items


def join_path(path: str, key: str) -> str:
    """Return a key's full name within the input."""
    return f"{path}.{key}" if path else key


def _parse_party(data: Mapping[str, Any], path: str) -> Party:
    check_keys(data, path, ("company", "role"))
    return Party(
        company=check_name(join_path(path, "company"), get_required(data, "company", path)),
        role=check_text(join_path(path, "role"), data.get("role", ""), NAME_LIMIT, required=False),
    )


def _parse_related(data: Mapping[str, Any]) -> tuple[str, ...]:
    related = data.get("related", [])
    if not isinstance(related, list):
        raise InputError("related", say("expected a list of slugs"))
    slugs = [check_slug(f"related[{index}]", slug) for index, slug in enumerate(related, start=1)]
    if data.get("slug") in slugs:
        raise InputError("related", say("expected other stories: a story can't be related to itself"))
    return tuple(dict.fromkeys(slugs))
