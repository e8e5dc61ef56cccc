"""What a split may move, what stands against undoing it, and what an older file no longer says. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import InputError, NotAllowed
from bot.languages import say
from bot.model.story import DescribedState, Story
from bot.model.story_split import SplitParts, StorySplit
from bot.newsroom.description_check import find_contradicted_stage
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft, StoryHeader
from bot.newsroom.revision import FormerNames, check_mergeable, find_matching_development, get_header
from bot.store.audit import to_audit_json
from bot.store.story_splits import MovedNames


class SplitOutdated(NotAllowed):
    """A colleague has changed the story since its parts were chosen."""


def check_split(split: StorySplit, source: Story, target: Story | None, header: StoryHeader | None) -> None:
    """Refuse a split that moves nothing or everything, or that the other story cannot take.

    ``target`` is None for a new story, of which there is the header. Raises SplitOutdated if the story no longer has all
    that was chosen.
    """
    if not split.parts.exist_in(source):
        raise SplitOutdated(
            say(
                "Somebody else has changed this story: some of what you chose is no longer in it. "
                "Please check your choice."
            )
        )
    moved = split.parts.select_developments(source)
    if not moved:
        raise NotAllowed(say("Choose at least one development."))
    if len(moved) == len(source.developments):
        raise NotAllowed(say("At least one development must stay. To move all of them, use `/desk merge`."))
    kind = target.kind if target else header.kind if header else source.kind
    staged = next((d for d in moved if d.stage), None)
    if staged is not None and not kind.is_deal:
        message = say(
            "expected a deal, because “{development}” has the stage {stage}",
            development=staged.headline,
            stage=staged.stage.label if staged.stage else "",
        )
        raise InputError("kind" if target is None else "into", message)
    if target is not None and target.slug == source.slug:
        raise InputError("into", say("expected a story other than the one being split"))
    if target is not None:
        check_mergeable(_limit_story(source, split.parts), target)


def check_undoable(parts: SplitParts, header: str, source: Story | None, target: Story | None) -> tuple[Story, Story]:
    """Return the two stories of a split if it can still be undone.

    A story is None if it was merged into another one since. ``header`` is what a new story was when it was split off
    (:func:`describe_header`), and empty for one that existed. Raises NotAllowed, or InputError if the first story cannot take
    the parts back.
    """
    is_possible = (
        source is not None and target is not None and parts.exist_in(target) and not _is_entangled(parts, target)
    )
    if source is None or target is None or not is_possible:
        raise NotAllowed(
            say(
                "The stories have changed since this split, so it can't be undone. Use `/desk split` to move things back."
            )
        )
    if header and (header != describe_header(target) or parts != _collect_parts(target)):
        raise NotAllowed(
            say(
                "“{story}” has changed since it was split off, so the split can't be undone. Use "
                "`/desk merge` to join the two again.",
                story=target.headline,
            )
        )
    check_mergeable(_limit_story(target, parts), source)
    return source, target


def describe_header(story: Story) -> str:
    """Return all of a story except its parts as one text, to see whether it has changed."""
    return to_audit_json(get_header(story))


def describe_new_story(story: Story) -> DescribedState:
    """Return for which state of the deal the headline and summary of a story are that has just been split off."""
    left_stage = find_contradicted_stage(story.headline, story.stage)
    return DescribedState(left_stage) if left_stage else DescribedState(story.stage, story.as_of)


def remove_moved_parts(
    draft: StoryDraft, before: Story, former_names: FormerNames, moved: MovedNames, *, has_keys: bool
) -> StoryDraft:
    """Return a file's draft without the parts that were moved out of its story since, unless the story has them again.

    ``has_keys``: whether the file's ids are those of the story that was split, and not of one merged into it.
    """

    def is_moved(development: DevelopmentDraft) -> bool:
        has_name = (str(development.date), development.headline) in moved.developments
        has_key = has_keys and development.key in moved.development_keys
        return (has_key or has_name) and find_matching_development(development, before, former_names) is None

    moved_keys = {development.key for development in draft.developments if is_moved(development)}
    present_events = {event.key for event in before.expected_events}
    present_terms = {term.key for term in before.terms}
    events = [
        event
        for event in draft.expected_events
        if event.key in present_events
        or not ((has_keys and event.key in moved.event_keys) or (str(event.date), event.headline) in moved.events)
    ]
    return replace(
        draft,
        developments=tuple(development for development in draft.developments if not is_moved(development)),
        expected_events=tuple(
            replace(event, development_key="") if event.development_key in moved_keys else event for event in events
        ),
        terms=tuple(
            term for term in draft.terms if term.key in present_terms or not (has_keys and term.key in moved.term_keys)
        ),
    )


def _is_entangled(parts: SplitParts, target: Story) -> bool:
    """Return whether an expected event and its result would no longer be in one story."""
    keys = {development.key for development in parts.select_developments(target)}
    return any(
        (event.id in parts.expected_events) is not (event.development_key in keys)
        for event in target.expected_events
        if event.development_key
    )


def _collect_parts(story: Story) -> SplitParts:
    return SplitParts(
        frozenset(development.id for development in story.developments),
        frozenset(event.id for event in story.expected_events),
        frozenset(term.id for term in story.terms),
    )


def _limit_story(story: Story, parts: SplitParts) -> Story:
    """Return a story with nothing but these parts."""
    return replace(
        story,
        developments=parts.select_developments(story),
        expected_events=parts.select_events(story),
        terms=parts.select_terms(story),
    )
