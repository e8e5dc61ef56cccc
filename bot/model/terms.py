"""On which terms a follow is served: how much, when, where within its channel, and how loud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.languages import noted, noted_as, say, say_as
from bot.model.keywords import is_in
from bot.model.moves import move_before
from bot.model.stages import StageMove
from bot.model.story import Development, Story
from bot.model.timetable import Mode
from bot.model.vocabulary import Claim

#: How many keywords a follow has at most, and how long each may be.
MOST_WORDS = 20
WORD_LIMIT = 50


class Only(StrEnum):
    """What a follow may be narrowed to; where several are given, all must hold."""

    DEALS = "deals"
    STAGE_CHANGES = "stage-changes"
    CONFIRMED = "confirmed"

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken."""
        return say_as("only", _ONLY_LABELS[self])

    def holds(self, story: Story, development: Development) -> bool:
        """Whether a development of this story is of this sort."""
        match self:
            case Only.DEALS:
                return story.kind.is_deal
            case Only.STAGE_CHANGES:
                return moves_stage(story, development)
            case Only.CONFIRMED:
                return development.claim is Claim.CONFIRMED


_ONLY_LABELS = {
    # Said: in a list behind "only"
    Only.DEALS: noted_as("only", "deals"),
    # Said: in a list behind "only"
    Only.STAGE_CHANGES: noted_as("only", "stage changes"),
    # Said: in a list behind "only": what a party confirms
    Only.CONFIRMED: noted_as("only", "confirmed"),
}
# Said of a follow that leaves something out; "it" is the follow.
_REFUSALS = {
    Only.DEALS: noted("it wants only deals"),
    Only.STAGE_CHANGES: noted("it wants only stage changes"),
    Only.CONFIRMED: noted("it wants only what is confirmed"),
}


class Ping(StrEnum):
    """When a follow's role is mentioned."""

    ALWAYS = "always"
    STAGE_CHANGES = "stage-changes"
    NEVER = "never"

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken."""
        return say_as("ping", _PING_LABELS[self])


_PING_LABELS = {
    # Said: when a role is pinged
    Ping.ALWAYS: noted_as("ping", "always"),
    Ping.STAGE_CHANGES: noted_as("ping", "on stage changes"),
    Ping.NEVER: noted_as("ping", "never"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """How a follow is served.

    Attributes:
        only: empty for every development.
        words: one of these must be in the story or the development; empty for no such condition.
        without: none of these may be in it.
        role_id: the role that posts mention, 0 for none; ``ping`` says when.
        silent: posts notify nobody.
        threads: each story has a thread of its own, under a card.
    """

    mode: Mode = Mode.INSTANT
    only: frozenset[Only] = frozenset()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    role_id: int = 0
    ping: Ping = Ping.ALWAYS
    silent: bool = False
    threads: bool = False

    def refusal(self, story: Story, development: Development) -> str:
        """Why these terms leave a development out, in the language that is spoken; empty when they take it."""
        for only in Only:
            if only in self.only and not only.holds(story, development):
                return say(_REFUSALS[only])
        said = _said(story, development)
        if self.words and not any(is_in(word, said) for word in self.words):
            return say("it wants one of the words {words}", words=", ".join(self.words))
        unwanted = next((word for word in self.without if is_in(word, said)), "")
        return say("it leaves out what has the word {word}", word=unwanted) if unwanted else ""

    def role_for(self, story: Story, development: Development) -> int:
        """The role that this development's post mentions, 0 for none."""
        if self.ping is Ping.NEVER or (self.ping is Ping.STAGE_CHANGES and not moves_stage(story, development)):
            return 0
        return self.role_id


#: Every development, at once, without a ping.
DEFAULT_TERMS = Terms()


def moves_stage(story: Story, development: Development) -> bool:
    """Whether the development changed where its deal stands."""
    return move_before(story, development)[0] is not StageMove.UNCHANGED


def read_words(text: str) -> tuple[str, ...]:
    """Keywords, separated by commas or line breaks, each once. ValueError says which is too long, or that they are too many."""
    words = [" ".join(part.split()) for part in re.split(r"[,;\n、，]", text)]
    kept = tuple(dict.fromkeys(word for word in words if word))
    for word in kept:
        if len(word) > WORD_LIMIT:
            raise ValueError(
                say("the word {word!r}… is longer than {most} characters", word=word[:WORD_LIMIT], most=WORD_LIMIT)
            )
    if len(kept) > MOST_WORDS:
        raise ValueError(say("{count} words are too many, {most} are possible", count=len(kept), most=MOST_WORDS))
    return kept


def read_only(text: str) -> frozenset[Only]:
    """What to narrow a follow to, separated by commas or blanks; empty or ``everything`` for nothing. ValueError names what is unknown."""
    asked = _in_english(text.casefold())
    known = {only.value: only for only in Only} | {"deal": Only.DEALS}
    found: set[Only] = set()
    for word in re.split(r"[\s,;、，]+", asked):
        if word in ("", "everything", "all", "and"):
            continue
        if word not in known:
            possible = ", ".join(only.label for only in Only)
            raise ValueError(say("{typed!r} is none of {possible}", typed=word, possible=possible))
        found.add(known[word])
    return frozenset(found)


def labels_of_only() -> dict[str, str]:
    """What a follow can be narrowed to, each with how it is shown; first that it is not."""
    # Said: among what a follow can be narrowed to: no narrowing
    return {"everything": say_as("only", "everything"), **{only.value: only.label for only in Only}}


def _in_english(asked: str) -> str:
    """What is typed with the values of ``Only`` where it has their labels, or other words for them."""
    for value, label in sorted(labels_of_only().items(), key=lambda labelled: -len(labelled[1])):
        asked = re.sub(rf"(?<!\w){re.escape(label.casefold())}(?!\w)", value, asked)
    return re.sub(r"stage[ -]changes?|\bstages?\b", Only.STAGE_CHANGES.value, asked)


def _said(story: Story, development: Development) -> str:
    parties = (party.company for party in story.parties)
    return " · ".join([story.headline, development.headline, development.text, *parties])
