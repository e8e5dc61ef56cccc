"""The statements of one sentence in one language: the stage of a deal, and who stands behind it.

The phrases are in the language's lexicon, in the notation of :class:`bot.query.lexicon.statements.Statements`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.model.vocabulary import Claim, Stage
from bot.query.lexicon.statements import Modifier, Statements

#: Where words stand in a sentence: from, to.
Span = tuple[int, int]
#: As many characters as seven words have where no spaces separate them.
_GAP_OF_CHARACTERS = r".{0,25}?"
#: How many words before a phrase can modify it, and how many characters they have at most.
_WORDS_BEFORE = 4
_CHARACTERS_BEFORE = 80
#: Stages that remain true of what is merely wanted or possible.
_TENTATIVE = frozenset({Stage.RUMOURED, Stage.REVIEW})


@dataclass(frozen=True, slots=True)
class StageMatch:
    """The stage of a sentence and where its words and those of a denial stand; None for what it does not have.

    Attributes:
        is_final: whether no other language can find a stage, because the sentence states one or only looks like a deal.
    """

    stage: Stage | None = None
    stage_span: Span | None = None
    denial_span: Span | None = None
    is_final: bool = False


class StatementReader:
    """The phrases of one language, compiled; sentences are in lower case."""

    def __init__(self, statements: Statements) -> None:
        def compile_phrases(phrases: str) -> re.Pattern[str] | None:
            return re.compile(_expand_phrases(phrases, statements)) if phrases else None

        self._stages = tuple((stage, compile_phrases(phrases)) for stage, phrases in statements.stages)
        # A denial takes precedence over hearsay, and hearsay over a party's word: *sources say that the company will
        # announce* is no announcement.
        self._claims = (
            (Claim.DENIED, compile_phrases(statements.denials)),
            (Claim.REPORTED, compile_phrases(statements.hearsay)),
            (Claim.CONFIRMED, compile_phrases(statements.assertions)),
        )
        self._background = compile_phrases(statements.background)
        self._non_binding = compile_phrases(statements.non_binding)
        self._cancelling = compile_phrases(statements.cancelling)
        self._modifiers = {name: re.compile(rf"\b(?:{words})$") for name, words in statements.modifiers.items()}
        self._clause_starters = frozenset(statements.clause_starters.split())

    def find_claim(self, sentence: str) -> tuple[Claim, Span] | None:
        """Find who stands behind a sentence; None if it does not say."""
        for claim, pattern in self._claims:
            for match in _find_all(pattern, sentence):
                modifier = self._find_modifier(sentence, match.start())
                is_hearsay = claim is Claim.REPORTED and modifier not in (Modifier.NOT, Modifier.FAILS)
                if modifier is None or is_hearsay:
                    return claim, match.span()
        return None

    def find_stage(self, sentence: str) -> StageMatch:
        """Find the stage of a sentence: of what is new in it, else of what it says happened before."""
        background = next(_find_all(self._background, sentence), None)
        if background is not None:
            match = self._find_first_stage(sentence[: background.start()].rstrip())
            if match.is_final:
                return match
        return self._find_first_stage(sentence)

    def _find_first_stage(self, sentence: str) -> StageMatch:
        denial: Span | None = None
        is_cancelled = self._cancelling is not None and self._cancelling.search(sentence) is not None
        for stage, pattern in self._stages:
            for match in _find_all(pattern, sentence):
                if stage is None:
                    return StageMatch(denial_span=denial, is_final=True)
                modifier = self._find_modifier(sentence, match.start())
                adjusted = self._adjust_stage(stage, sentence, modifier)
                if adjusted is not None and (not is_cancelled or stage in _TENTATIVE):
                    return StageMatch(adjusted, match.span(), denial, is_final=True)
                if modifier is Modifier.NOT and denial is None:
                    verb = match.group().split(None, 1)[0]
                    denial = (self._find_negation_start(sentence, match.start()), match.start() + len(verb))
        return StageMatch(denial_span=denial)

    def _adjust_stage(self, stage: Stage, sentence: str, modifier: Modifier | None) -> Stage | None:
        """Return the stage of a phrase after the words before it have modified it; None if they cancel it."""
        if modifier is Modifier.NEAR and stage in (Stage.SIGNED, Stage.AGREED):
            return Stage.TALKS
        if modifier is Modifier.PERHAPS and stage in (Stage.SIGNED, Stage.AGREED, Stage.TALKS):
            return Stage.RUMOURED
        if modifier is not None and not (stage in _TENTATIVE and modifier is not Modifier.NOT):
            return None
        if stage is Stage.SIGNED and self._non_binding is not None and self._non_binding.search(sentence):
            return Stage.AGREED
        return stage

    def _find_modifier(self, sentence: str, position: int) -> Modifier | None:
        """Return how the words before a position modify it, the nearest first; None if they do not."""
        for before in self._get_preceding_texts(sentence, position):
            for modifier, pattern in self._modifiers.items():
                if pattern.search(before):
                    return modifier
        return None

    def _find_negation_start(self, sentence: str, position: int) -> int:
        for before in self._get_preceding_texts(sentence, position):
            match = self._modifiers[Modifier.NOT].search(before)
            if match:
                return max(0, position - _CHARACTERS_BEFORE) + match.start()
        return position

    def _get_preceding_texts(self, sentence: str, position: int) -> Iterator[str]:
        """Yield the text before a position, each time one word shorter, until another clause begins."""
        before = sentence[max(0, position - _CHARACTERS_BEFORE) : position].rstrip() if self._modifiers else ""
        for _ in range(_WORDS_BEFORE):
            last_word = before.rsplit(None, 1)[-1] if before else ""
            if not last_word or last_word[-1] in ",;:()–—" or last_word in self._clause_starters:
                return
            yield before
            before = before[: len(before) - len(last_word)].rstrip()


def _find_all(pattern: re.Pattern[str] | None, sentence: str) -> Iterator[re.Match[str]]:
    return iter(()) if pattern is None else pattern.finditer(sentence)


def _expand_phrases(phrases: str, statements: Statements) -> str:
    """Return one regular expression for phrases, one a line. Every repeat in it is bounded: no text takes long."""
    lines = filter(None, map(str.strip, phrases.splitlines()))
    pattern = "|".join(_expand_nouns(line, statements.nouns) for line in lines)
    pattern = re.sub(r"\((?!\?)", "(?:", pattern).replace(r"\S+", r"\S{1,40}")
    if not statements.has_spaces:
        return f"(?:{pattern.replace('…', _GAP_OF_CHARACTERS)})"
    clause_gap = _make_gap(statements.gap_limits)
    noun_phrase_gap = _make_gap(f"{statements.gap_limits} {statements.noun_phrase_limits}")
    pattern = pattern.replace("… ", clause_gap).replace("~ ", noun_phrase_gap)
    return rf"(?<![\w-])(?:{pattern})(?![\w-])"


def _make_gap(limits: str) -> str:
    """Return a pattern for up to seven words of one clause, none of them one of the limits."""
    words = "|".join(["[-–—]", *limits.split()])
    return rf"(?:(?!(?:{words}) )\S{{0,39}}[^\s,;:] ){{0,7}}?"


def _expand_nouns(phrase: str, nouns: Mapping[str, str]) -> str:
    """Replace words in capitals by what they stand for, also those inside of it."""
    expanded = re.sub(r"[A-Z]{3,}", lambda match: nouns[match.group()], phrase)
    return phrase if expanded == phrase else _expand_nouns(expanded, nouns)
