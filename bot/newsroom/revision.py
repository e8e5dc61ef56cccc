"""What a draft changes in a story. Pure, so that it can be computed before anything is written."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.errors import InputError, NotFound
from bot.languages import say
from bot.model.expected_event import ExpectedEvent
from bot.model.story import DescribedState, Development, Story, take_free_key
from bot.model.terms import Term
from bot.newsroom.description_check import find_contradicted_stage
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft, StoryHeader, check_date, check_denial
from bot.newsroom.field_validation import slugify

#: The dates and headlines that a story's developments had before they were corrected, each with the development's id.
FormerNames = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class ExpectedChange:
    """A change of an expected event. ``before`` is None if it is new, ``after`` if it is removed."""

    before: ExpectedEvent | None
    after: ExpectedEvent | None

    @property
    def action(self) -> str:
        """What the change is, as the audit calls it."""
        before, after = self.before, self.after
        if after is None:
            return "expected event removed"
        if before is None:
            return "expected event added"
        if before.outcome != after.outcome:
            return f"expected event {after.outcome.value if after.outcome else 'reopened'}"
        return "expected event moved" if before.date != after.date else "expected event corrected"


@dataclass(frozen=True, slots=True)
class Revision:
    """A story before and after a draft; ``before`` is None for a new one."""

    before: Story | None
    after: Story

    @property
    def new_developments(self) -> tuple[Development, ...]:
        """Return the new developments."""
        return tuple(d for d in self.after.developments if d.id == 0)

    @property
    def corrections(self) -> tuple[tuple[Development, Development], ...]:
        """Return each changed development in its old and its new version."""
        old_developments = {d.id: d for d in self.before.developments} if self.before else {}
        return tuple(
            (old_developments[d.id], d) for d in self.after.developments if d.id and old_developments[d.id] != d
        )

    @property
    def new_terms(self) -> tuple[Term, ...]:
        """Return the new terms."""
        return tuple(term for term in self.after.terms if term.id == 0)

    @property
    def term_corrections(self) -> tuple[tuple[Term, Term], ...]:
        """Return each changed term in its old and its new version."""
        old_terms = {term.id: term for term in self.before.terms} if self.before else {}
        return tuple((old_terms[term.id], term) for term in self.after.terms if term.id and old_terms[term.id] != term)

    @property
    def expected_changes(self) -> tuple[ExpectedChange, ...]:
        """Return what is different of the expected events, the removed ones last."""
        old_events = {event.id: event for event in self.before.expected_events} if self.before else {}
        changes = [ExpectedChange(old_events.pop(event.id, None), event) for event in self.after.expected_events]
        changes = [change for change in changes if change.before != change.after]
        return (*changes, *(ExpectedChange(event, None) for event in old_events.values()))

    @property
    def has_new_header(self) -> bool:
        """Return whether anything except the developments, expected events and terms is different."""
        return self.before is None or get_header(self.before) != get_header(self.after)

    @property
    def has_new_description(self) -> bool:
        """Return whether headline and summary describe another state of the deal than before."""
        return self.before is not None and self.before.described_state != self.after.described_state

    @property
    def has_changes(self) -> bool:
        """Return whether anything is different."""
        parts = (self.new_developments, self.corrections, self.expected_changes, self.new_terms, self.term_corrections)
        return self.has_new_header or self.has_new_description or any(parts)


def get_header(story: Story) -> StoryHeader:
    """Return all of a story except its developments, expected events and terms."""
    return StoryHeader(story.headline, story.summary, story.kind, story.parties, story.related_slugs)


def apply_draft(
    before: Story | None, draft: StoryDraft, former_names: FormerNames, latest_date: date | None = None
) -> Revision:
    """Apply a draft to a story as it is now.

    A draft's development is matched by its key, else by its date and headline, else by a date and headline from before a
    correction. In the last case the corrected date and headline are kept. All other fields of the draft replace those of
    the development, so a story file that is changed and imported again corrects it. The story's other developments stay.
    An expected event is matched by its key, else by its date and headline, and replaced likewise.

    Raises NotFound if the story is new and the draft has no header. Raises InputError if the result would have two
    developments with the same date and headline, a stage in a story that is no deal, a denial with a stage, an expected
    event that resulted in a development which the story does not have, or a development that gets a date after
    ``latest_date``.
    """
    if before is None and draft.header is None:
        raise NotFound("story", draft.slug)
    header = draft.header or get_header(_require_story(before))
    developments = {d.id: d for d in before.developments} if before else {}
    new_developments: list[Development] = []
    matched_ids: set[int] = set()
    keys = {d.key for d in developments.values()} | {d.key for d in draft.developments if d.key}
    ids_by_key = {d.key: d.id for d in developments.values()}
    claimed_ids = {ids_by_key[d.key] for d in draft.developments if d.key in ids_by_key}
    for index, development_draft in enumerate(draft.developments, start=1):
        match = _find_match(development_draft, before, former_names, matched_ids, claimed_ids)
        if match is None:
            development = _create_development(development_draft, keys)
            new_developments.append(development)
        else:
            matched_ids.add(match.id)
            development = developments[match.id] = _correct(match, development_draft)
        if latest_date is not None and development.is_valid and (match is None or match.date != development.date):
            # Without a header it is the one development of a form.
            check_date(f"development[{index}].date" if draft.header else "date", development.date, latest_date)
    after = Story(
        slug=draft.slug,
        headline=header.headline,
        summary=header.summary,
        kind=header.kind,
        parties=header.parties,
        related_slugs=header.related,
        # The store orders developments of one date by id: what is derived here must equal what is read there.
        developments=(*sorted(developments.values(), key=lambda d: d.id), *new_developments),
        expected_events=_apply_events(before, draft.expected_events, developments),
        terms=_apply_terms(before.terms if before else (), draft.terms),
        latest_date=latest_date,
    )
    after = replace(after, described_state=_find_described_state(before, after, draft))
    _check_story(after)
    _check_results(draft.expected_events, after)
    return Revision(before, after)


def _find_described_state(before: Story | None, after: Story, draft: StoryDraft) -> DescribedState:
    """Return for which state of the deal the headline and summary of a revised story are."""
    if draft.described_state is not None:
        return draft.described_state
    if before is None or (before.headline, before.summary) != (after.headline, after.summary):
        # A file can bring a headline that is older than its newest developments.
        left_stage = find_contradicted_stage(after.headline, after.stage)
        return DescribedState(left_stage) if left_stage else DescribedState(after.stage, after.as_of)
    described = before.described_state or DescribedState(before.stage, before.as_of)
    if described.stage is None:
        # What was written while there was no stage fits the first one.
        return DescribedState(before.stage or after.stage, described.as_of)
    return described


def _apply_terms(before: Sequence[Term], drafts: Sequence[Term]) -> tuple[Term, ...]:
    """Return the terms of a story after those of a draft: one of a known key is a correction, any other is new.

    One without a key whose figure and claim a valid term has adds its sources to that one.
    """
    terms = {term.id: term for term in before}
    new_terms: list[Term] = []
    keys = {term.key for term in (*before, *drafts)}
    for draft in drafts:
        match = _find_matching_term(draft, before)
        if match is not None and draft.key:
            terms[match.id] = replace(draft, id=match.id)
        elif match is not None:
            sources = tuple(dict.fromkeys((*match.sources, *draft.sources)))
            terms[match.id] = replace(match, sources=sources, date=match.date or draft.date)
        else:
            new_terms.append(draft if draft.key else replace(draft, key=take_free_key(draft.name.value, keys)))
    return (*terms.values(), *new_terms)


def _find_matching_term(draft: Term, terms: Sequence[Term]) -> Term | None:
    if draft.key:
        return next((term for term in terms if term.key == draft.key), None)
    identity = (draft.name, draft.figure, draft.claim)
    return next((term for term in terms if term.is_valid and (term.name, term.figure, term.claim) == identity), None)


def find_matching_development(draft: DevelopmentDraft, story: Story, former_names: FormerNames) -> Development | None:
    """Return the development that a draft is about, by its present or a former name; None if it is new."""
    return _find_match(draft, story, former_names, set(), set())


def _require_story(story: Story | None) -> Story:
    assert story is not None  # noqa: S101 - the caller has just refused the other case
    return story


def _find_match(
    draft: DevelopmentDraft,
    before: Story | None,
    former_names: FormerNames,
    matched_ids: set[int],
    claimed_ids: set[int],
) -> Development | None:
    if before is None:
        return None
    # A development that another draft names by its key is that draft's, whatever its date and headline.
    key_matches = [d for d in before.developments if draft.key and d.key == draft.key]
    free_developments = [d for d in before.developments if d.id not in matched_ids | claimed_ids]
    name = (str(draft.date), draft.headline)
    name_matches = [d for d in free_developments if (str(d.date), d.headline) == name]
    former_matches = [d for d in free_developments if d.id == former_names.get(name)]
    return next(iter(key_matches + name_matches + former_matches), None)


def _correct(development: Development, draft: DevelopmentDraft) -> Development:
    is_former_name = draft.key != development.key and (draft.date, draft.headline) != (
        development.date,
        development.headline,
    )
    if not is_former_name:
        development = replace(development, date=draft.date, headline=draft.headline)
    return _overwrite(replace(development, key=draft.key or development.key), draft)


def _create_development(draft: DevelopmentDraft, keys: set[str]) -> Development:
    key = draft.key or take_free_key(f"{slugify(str(draft.date))}-{slugify(draft.headline)[:50].rstrip('-')}", keys)
    keys.add(key)
    return _overwrite(Development(key, draft.date, draft.headline, draft.claim), draft)


def _apply_events(
    before: Story | None, drafts: Sequence[ExpectedEvent], developments: Mapping[int, Development]
) -> tuple[ExpectedEvent, ...]:
    """Return the story's expected events with the drafts applied; ``developments`` are its corrected ones by id."""
    new_keys = {old.key: developments[old.id].key for old in before.developments} if before else {}
    old_events = before.expected_events if before else ()
    events = {e.key: replace(e, development_key=new_keys.get(e.development_key, "")) for e in old_events}
    draft_keys = {draft.key for draft in drafts}
    for draft in drafts:
        namesakes = [e for e in events.values() if (e.date, e.headline) == (draft.date, draft.headline)]
        match = events.get(draft.key) or next((e for e in namesakes if e.key not in draft_keys), None)
        if match is not None:
            del events[match.key]
        events[draft.key] = replace(draft, id=match.id if match else 0)
    return tuple(sorted(events.values(), key=lambda event: event.id or sys.maxsize))


def _overwrite(development: Development, draft: DevelopmentDraft) -> Development:
    """Return the development with the draft's fields, but its own key, date and headline."""
    return replace(
        development,
        claim=draft.claim,
        text=draft.text,
        stage=draft.stage,
        sources=draft.sources,
        retraction_reason=draft.retraction_reason,
    )


def _check_story(story: Story) -> None:
    names = [(str(d.date), d.headline) for d in story.developments]
    duplicate = next((name for name in names if names.count(name) > 1), None)
    if duplicate:
        raise InputError(
            "development",
            say(
                "the story would have two developments dated {date} with the headline {headline!r}",
                date=duplicate[0],
                headline=duplicate[1],
            ),
        )
    for development in story.developments:
        check_denial("stage", development.claim, development.stage)
    staged_development = next((d for d in story.developments if d.stage and not story.kind.is_deal), None)
    if staged_development:
        raise InputError(
            "kind",
            say("expected a kind of deal: development {development!r} has a stage", development=staged_development.key),
        )


def _check_results(drafts: Iterable[ExpectedEvent], story: Story) -> None:
    """Refuse an expected event that resulted in a development which the story does not have."""
    for index, draft in enumerate(drafts, start=1):
        if draft.development_key and story.find_development(draft.development_key) is None:
            message = say("no development has the id {id!r}", id=draft.development_key)
            raise InputError(f"expected[{index}].development", message)


def check_mergeable(story: Story, target: Story) -> None:
    """Refuse to merge a story into another one that cannot take all of its developments."""
    if story.slug == target.slug:
        raise InputError("into", say("expected another story; these two are already merged"))
    target_names = {(str(d.date), d.headline) for d in target.developments}
    duplicate = next((d for d in story.developments if (str(d.date), d.headline) in target_names), None)
    if duplicate:
        message = say(
            "both have the development {headline!r}, dated {date}; correct one of them first",
            headline=duplicate.headline,
            date=duplicate.date,
        )
        raise InputError("story", message)
    target_events = {(event.date, event.headline) for event in target.expected_events}
    for event in story.expected_events:
        if (event.date, event.headline) in target_events:
            message = say(
                "both expect {headline!r} ({date}); correct or remove one of them first",
                headline=event.headline,
                date=event.date.display,
            )
            raise InputError("story", message)
    if not target.kind.is_deal and any(d.stage for d in story.developments):
        message = say(
            "expected a deal: developments of {story} have stages; merge them the other way round", story=story.slug
        )
        raise InputError("into", message)
