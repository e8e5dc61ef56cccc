"""Find the facets of a question: words that name a kind or a stage (``mergers``, ``bought``, ``in talks``, ``called off``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.entities.spell_checker import SpellChecker
from bot.languages import lazy_as, say_as
from bot.model.text_folding import UNSPACED, fold_words
from bot.model.vocabulary import Kind, Stage
from bot.query.lexicon import ENGLISH, LEXICONS, PARTICLES, Lexicon


@dataclass(frozen=True, slots=True)
class Facet:
    """What a question requires of a story: one of these kinds or stages, a dispute, or that it is (not) ended.

    A story of a ``related_kinds`` kind matches by half. ``name`` is the English label, and identifies the facet. ``query_words``
    are the words of the question, for stories that have them in their text; ``is_english`` says in which language they are.
    """

    name: str
    kinds: tuple[Kind, ...] = ()
    stages: tuple[Stage, ...] = ()
    related_kinds: tuple[Kind, ...] = ()
    is_disputed: bool = False
    is_open: bool | None = None
    query_words: tuple[str, ...] = ()
    is_english: bool = False

    @property
    def text_words(self) -> tuple[str, ...]:
        """Those of the question's words that can tell stories apart: without the ``in`` of ``in talks``."""
        return tuple(word for word in self.query_words if len(word) > 2 or not word.isascii()) or self.query_words

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return say_as("asked", self.name)

    @property
    def short_label(self) -> str:
        """The words of the question, if they are English: a story about people need not be about a ``ceo``."""
        return " ".join(self.query_words) if self.is_english else self.label


#: The names of the facets as an answer shows them: ``Matched: Nissan, talks``. There is none for ``Kind.OTHER``.
_FACET_NAMES: dict[Kind | Stage, str] = {
    Kind.MERGER: lazy_as("asked", "merger"),
    Kind.ACQUISITION: lazy_as("asked", "acquisition"),
    Kind.STAKE: lazy_as("asked", "stake"),
    Kind.JOINT_VENTURE: lazy_as("asked", "joint venture"),
    Kind.ALLIANCE: lazy_as("asked", "alliance"),
    Kind.SUPPLY: lazy_as("asked", "supply"),
    Kind.CONTRACT_MANUFACTURING: lazy_as("asked", "contract manufacturing"),
    Kind.LICENSING: lazy_as("asked", "licensing"),
    Kind.FINANCING: lazy_as("asked", "financing"),
    Kind.PRODUCT: lazy_as("asked", "product"),
    Kind.PLANT: lazy_as("asked", "plant"),
    Kind.POLICY: lazy_as("asked", "policy"),
    Kind.PEOPLE: lazy_as("asked", "people"),
    Kind.RESULTS: lazy_as("asked", "results"),
    Kind.EVENT: lazy_as("asked", "event"),
    Stage.RUMOURED: lazy_as("asked", "rumoured"),
    Stage.TALKS: lazy_as("asked", "talks"),
    Stage.AGREED: lazy_as("asked", "agreed"),
    Stage.SIGNED: lazy_as("asked", "signed"),
    Stage.REVIEW: lazy_as("asked", "review"),
    Stage.COMPLETED: lazy_as("asked", "completed"),
    Stage.TERMINATED: lazy_as("asked", "terminated"),
    Stage.LAPSED: lazy_as("asked", "lapsed"),
}


def get_facet_label(word: Kind | Stage) -> str:
    """Return the label of a kind or a stage in the reader's language; KeyError for ``Kind.OTHER``, which is no facet."""
    return say_as("asked", _FACET_NAMES[word])


_OWNERSHIP_KINDS = (Kind.MERGER, Kind.ACQUISITION, Kind.STAKE)
_RELATED_KINDS: dict[Kind | Stage, tuple[Kind, ...]] = {
    Kind.MERGER: (Kind.ACQUISITION,),
    Kind.ACQUISITION: _OWNERSHIP_KINDS,
    Kind.STAKE: (Kind.FINANCING,),
    Kind.JOINT_VENTURE: (Kind.ALLIANCE,),
    Kind.ALLIANCE: (Kind.JOINT_VENTURE,),
    Kind.SUPPLY: (Kind.CONTRACT_MANUFACTURING,),
    Kind.CONTRACT_MANUFACTURING: (Kind.SUPPLY,),
    Kind.FINANCING: (Kind.STAKE,),
    Kind.PLANT: (Kind.CONTRACT_MANUFACTURING,),
}
_DISPUTED_FACET = Facet(lazy_as("asked", "disputed"), is_disputed=True)
_OPEN_FACET = Facet(lazy_as("asked", "open"), is_open=True)
_ENDED_FACET = Facet(lazy_as("asked", "ended"), stages=(Stage.TERMINATED, Stage.LAPSED))


def _make_facet(word: Kind | Stage) -> Facet:
    name = _FACET_NAMES[word]
    if isinstance(word, Stage):
        return Facet(name, stages=(word,))
    return Facet(name, kinds=(word,), related_kinds=_RELATED_KINDS.get(word, ()))


def _generate_facet_phrases(lexicon: Lexicon) -> Iterator[tuple[tuple[str, ...], Facet]]:
    """Yield the folded phrases of a language, each with its facet."""
    is_english = lexicon is ENGLISH
    phrases_by_facet = (
        *((_make_facet(word), phrases) for word, phrases in lexicon.facet_words.items()),
        (_ENDED_FACET, lexicon.ended_words),
        (_DISPUTED_FACET, lexicon.disputed_words),
        (_OPEN_FACET, lexicon.open_words),
    )
    for facet, phrases in phrases_by_facet:
        for phrase in filter(None, phrases.split("|")):
            yield tuple(fold_words(phrase)), replace(facet, is_english=is_english)


_FACETS_BY_PHRASE: dict[tuple[str, ...], Facet] = {}
for _lexicon in LEXICONS:
    for _phrase, _facet in _generate_facet_phrases(_lexicon):
        _FACETS_BY_PHRASE.setdefault(_phrase, _facet)
_MAX_PHRASE_WORDS = max(map(len, _FACETS_BY_PHRASE))
#: Words that are also understood by their beginnings and with typos. Those of other languages are too similar to English ones.
_SINGLE_WORDS = [phrase[0] for phrase, facet in _FACETS_BY_PHRASE.items() if len(phrase) == 1 and facet.is_english]
_SPELL_CHECKER = SpellChecker(_SINGLE_WORDS)
#: Words of unspaced scripts, which may be inside a longer run; the longest first.
_UNSPACED_WORDS = sorted(
    (phrase[0] for phrase in _FACETS_BY_PHRASE if UNSPACED.search(phrase[0]) and len(phrase[0]) > 1),
    key=len,
    reverse=True,
)
#: Words for a deal of any kind.
DEAL_WORDS = frozenset(word for lexicon in LEXICONS for word in fold_words(lexicon.deal_words))


def find_facets(query_words: Sequence[str]) -> tuple[tuple[Facet, ...], tuple[str, ...]]:
    """Return the facets that folded words name, each once, and the words that name none."""
    facets_by_name: dict[str, Facet] = {}
    other_words: list[str] = []
    index = 0
    while index < len(query_words):
        facet, length = _match_facet_at(query_words, index)
        facets, remaining_words = ([facet], []) if facet else _find_in_unspaced_run(query_words[index])
        for match in facets:
            facets_by_name.setdefault(match.name, match)
        other_words += remaining_words
        index += length
    return tuple(facets_by_name.values()), tuple(other_words)


def find_facet_by_prefix(prefix: str) -> Facet | None:
    """Return the facet whose English word has this prefix of three letters or more; None if there is none."""
    if len(prefix) < 3:
        return None
    return next((_FACETS_BY_PHRASE[(word,)] for word in _SINGLE_WORDS if word.startswith(prefix)), None)


def correct_facet_word(word: str) -> str | None:
    """Return the English facet word that this word is a typo of; None if there is none."""
    return _SPELL_CHECKER.correct(word)


def _find_in_unspaced_run(word: str) -> tuple[list[Facet], list[str]]:
    """Return the facets inside a word of an unspaced script (経営統合はどうなった), and what remains of the word."""
    if not UNSPACED.search(word):
        return [], [word]
    facets: list[Facet] = []
    pieces = [word]
    for phrase in _UNSPACED_WORDS:
        if any(phrase in piece for piece in pieces):
            facets.append(replace(_FACETS_BY_PHRASE[(phrase,)], query_words=(phrase,)))
            pieces = [part for piece in pieces for part in piece.split(phrase)]
    return facets, [piece for piece in pieces if piece and not PARTICLES.fullmatch(piece)]


def _match_facet_at(query_words: Sequence[str], index: int) -> tuple[Facet | None, int]:
    for length in range(min(_MAX_PHRASE_WORDS, len(query_words) - index), 0, -1):
        phrase = tuple(query_words[index : index + length])
        facet = _FACETS_BY_PHRASE.get(phrase)
        if facet is not None:
            return replace(facet, query_words=phrase), length
    return None, 1
