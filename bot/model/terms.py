"""On which terms a follow is served: how much, when, where within its channel, and how loud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

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

    def holds(self, story: Story, development: Development) -> bool:
        """Whether a development of this story is of this sort."""
        match self:
            case Only.DEALS:
                return story.kind.is_deal
            case Only.STAGE_CHANGES:
                return moves_stage(story, development)
            case Only.CONFIRMED:
                return development.claim is Claim.CONFIRMED


class Ping(StrEnum):
    """When a follow's role is mentioned."""

    ALWAYS = "always"
    STAGE_CHANGES = "stage-changes"
    NEVER = "never"


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
        """Why these terms leave a development out, in words that follow "the follow"; empty when they take it."""
        for only in Only:
            if only in self.only and not only.holds(story, development):
                return f"wants only {only.value.replace('-', ' ')}"
        said = _said(story, development)
        if self.words and not any(is_in(word, said) for word in self.words):
            return f"wants one of the words {', '.join(self.words)}"
        unwanted = next((word for word in self.without if is_in(word, said)), "")
        return f"leaves out what has the word {unwanted}" if unwanted else ""

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
            raise ValueError(f"the word {word[:WORD_LIMIT]!r}… is longer than {WORD_LIMIT} characters")
    if len(kept) > MOST_WORDS:
        raise ValueError(f"{len(kept)} words are too many, {MOST_WORDS} are possible")
    return kept


def read_only(text: str) -> frozenset[Only]:
    """What to narrow a follow to, separated by commas or blanks; empty or ``everything`` for nothing. ValueError names what is unknown."""
    asked = re.sub(r"stage[ -]changes?|\bstages?\b", Only.STAGE_CHANGES.value, text.casefold())
    known = {only.value: only for only in Only} | {"deal": Only.DEALS}
    found: set[Only] = set()
    for word in re.split(r"[\s,;]+", asked):
        if word in ("", "everything", "all", "and"):
            continue
        if word not in known:
            raise ValueError(f"{word!r} is none of {', '.join(only.value for only in Only)}")
        found.add(known[word])
    return frozenset(found)


def _said(story: Story, development: Development) -> str:
    parties = (party.company for party in story.parties)
    return " · ".join([story.headline, development.headline, development.text, *parties])
