"""What a draft makes of a story: pure, so that it can be asked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.errors import InputError, NotFound
from bot.languages import say
from bot.model.story import Development, Story
from bot.newsroom.drafts import DevelopmentDraft, Face, StoryDraft, check_denial
from bot.newsroom.limits import slug_of

#: Dates and headlines that a story's developments had before they were corrected, and the number of each.
FormerNames = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Merge:
    """A story before and after a draft; ``before`` is None for a new one."""

    before: Story | None
    after: Story

    @property
    def added(self) -> tuple[Development, ...]:
        """The developments that are new."""
        return tuple(d for d in self.after.developments if d.number == 0)

    @property
    def corrected(self) -> tuple[tuple[Development, Development], ...]:
        """The developments that now say something else: what they said, and what they say."""
        known = {d.number: d for d in self.before.developments} if self.before else {}
        return tuple((known[d.number], d) for d in self.after.developments if d.number and known[d.number] != d)

    @property
    def face_changed(self) -> bool:
        """Whether anything but the developments is different."""
        return self.before is None or face_of(self.before) != face_of(self.after)

    @property
    def changes(self) -> bool:
        """Whether anything is different at all."""
        return self.face_changed or bool(self.added or self.corrected)


def face_of(story: Story) -> Face:
    """All of a story but its developments."""
    return Face(story.headline, story.summary, story.kind, story.parties, story.related)


def merge(before: Story | None, draft: StoryDraft, former: FormerNames) -> Merge:
    """Join a draft to the story as it stands.

    A development is the one of its key; else, the one of its date and headline; else the one that had them before a
    correction, which keeps the corrected ones. What the draft says differently of it holds. The story's other
    developments stay.

    Raises NotFound for a draft without a face of an unknown story, and InputError when the result would hold two
    developments of one date and headline, a stage in a story that is no deal, or a denial with a stage.
    """
    if before is None and draft.face is None:
        raise NotFound("story", draft.slug)
    face = draft.face or face_of(_known(before))
    developments = {d.number: d for d in before.developments} if before else {}
    added: list[Development] = []
    taken: set[int] = set()
    keys = {d.key for d in developments.values()} | {d.key for d in draft.developments if d.key}
    by_key = {d.key: d.number for d in developments.values()}
    claimed = {by_key[d.key] for d in draft.developments if d.key in by_key}
    for incoming in draft.developments:
        match = _match(incoming, before, former, taken, claimed)
        if match is None:
            added.append(_new(incoming, keys))
        else:
            taken.add(match.number)
            developments[match.number] = _corrected(match, incoming)
    after = Story(
        slug=draft.slug,
        headline=face.headline,
        summary=face.summary,
        kind=face.kind,
        parties=face.parties,
        related=face.related,
        # By number, as the store keeps those of one date: what is derived here is what is read there.
        developments=(*sorted(developments.values(), key=lambda d: d.number), *added),
    )
    _check(after)
    return Merge(before, after)


def development_of(draft: DevelopmentDraft, story: Story, former: FormerNames) -> Development | None:
    """Return the development of a story that a draft is about, by its present or a former name; None if it is new."""
    return _match(draft, story, former, set(), set())


def _known(story: Story | None) -> Story:
    assert story is not None  # noqa: S101 - the caller has just refused the other case
    return story


def _match(
    incoming: DevelopmentDraft, before: Story | None, former: FormerNames, taken: set[int], claimed: set[int]
) -> Development | None:
    if before is None:
        return None
    # One that another draft names by its id is that one's, whatever its date and headline.
    by_key = [d for d in before.developments if incoming.key and d.key == incoming.key]
    free = [d for d in before.developments if d.number not in taken | claimed]
    name = (str(incoming.date), incoming.headline)
    by_name = [d for d in free if (str(d.date), d.headline) == name]
    by_former = [d for d in free if d.number == former.get(name)]
    return next(iter(by_key + by_name + by_former), None)


def _corrected(known: Development, incoming: DevelopmentDraft) -> Development:
    by_former_name = incoming.key != known.key and (incoming.date, incoming.headline) != (known.date, known.headline)
    return replace(
        known,
        key=incoming.key or known.key,
        date=known.date if by_former_name else incoming.date,
        headline=known.headline if by_former_name else incoming.headline,
        claim=incoming.claim,
        text=incoming.text,
        stage=incoming.stage,
        sources=incoming.sources,
        retracted=incoming.retracted,
    )


def _new(incoming: DevelopmentDraft, keys: set[str]) -> Development:
    key = incoming.key or _free_key(f"{incoming.date}-{slug_of(incoming.headline)[:50].rstrip('-')}", keys)
    keys.add(key)
    return Development(
        key=key,
        date=incoming.date,
        headline=incoming.headline,
        claim=incoming.claim,
        text=incoming.text,
        stage=incoming.stage,
        sources=incoming.sources,
        retracted=incoming.retracted,
    )


def _free_key(wish: str, keys: set[str]) -> str:
    key, count = wish, 1
    while key in keys:
        count += 1
        key = f"{wish}-{count}"
    return key


def _check(story: Story) -> None:
    names = [(str(d.date), d.headline) for d in story.developments]
    twin = next((name for name in names if names.count(name) > 1), None)
    if twin:
        raise InputError(
            "development", say("the story would have two of {date} headed {headline!r}", date=twin[0], headline=twin[1])
        )
    for development in story.developments:
        check_denial("stage", development.claim, development.stage)
    staged = next((d for d in story.developments if d.stage and not story.kind.is_deal), None)
    if staged:
        raise InputError(
            "kind", say("expected a deal kind: development {development!r} has a stage", development=staged.key)
        )
