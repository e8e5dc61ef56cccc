"""How headlines and sentences of a language state the stage of a deal, and who stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.vocabulary import Stage


class Modifier(StrEnum):
    """What the words before a phrase do to it."""

    #: It is not so: *not in talks*.
    NOT = "not"
    #: It was tried: *fails to sign*.
    FAILS = "fails"
    #: It is about to be so: *close to signing*.
    NEAR = "near"
    #: It is possible: *could sign*.
    PERHAPS = "perhaps"
    #: Somebody wants, plans or expects it: *plans to complete*.
    WANTS = "wants"


@dataclass(frozen=True, slots=True)
class Statements:
    """The phrases by which one language states stages and claims.

    Each text holds one phrase a line: a regular expression on lower-case text. ``…`` stands for up to seven words of the
    same clause, such as prices and adjectives, ``~`` for those of one noun phrase, and a word in capitals for what :attr:`nouns` lists under it.

    Attributes:
        nouns: what a word in capitals stands for: DEAL for the nouns that name a deal, ASSET for what is bought and sold,
            and whatever else several phrases share.
        stages: the phrases of each stage, the first that occurs decides: *calls off talks* is no talks. A stage may come
            twice, with clear phrases and weaker ones. None is for what only looks like a deal: the sentence states nothing.
        denials: phrases of a denial.
        hearsay: phrases that name another source than a party: a report, people who know.
        assertions: phrases of a party's own word.
        background: words that begin what happened before: a stage before them is the news, one behind them only if there is
            no other.
        modifiers: what may stand before a phrase and change its meaning, for languages in which it stands there.
        function_words: frequent words, separated by spaces, by which a sentence is known to be in the language.
        gap_limits: words, separated by spaces, at which ``…`` and ``~`` end, because another clause begins.
        noun_phrase_limits: words at which ``~`` ends too.
        clause_starters: words, separated by spaces, that begin another clause: a modifier before them says nothing of what
            follows.
        non_binding: what makes a signing non-binding, wherever it stands in the sentence.
        cancelling: what makes the phrases of a clause a wish or a denial, wherever it stands in it.
        has_spaces: whether spaces separate the words.
    """

    nouns: Mapping[str, str]
    stages: tuple[tuple[Stage | None, str], ...]
    denials: str
    hearsay: str
    assertions: str
    background: str = ""
    modifiers: Mapping[Modifier, str] = field(default_factory=dict)
    function_words: str = ""
    gap_limits: str = ""
    noun_phrase_limits: str = ""
    clause_starters: str = ""
    non_binding: str = ""
    cancelling: str = ""
    has_spaces: bool = True
