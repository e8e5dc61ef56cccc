"""Words of a question that name a kind of story or a stage: ``mergers``, ``bought``, ``in talks``, ``called off``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.entities.spell_checker import SpellChecker
from bot.languages import lazy_as, say_as
from bot.model.text_folding import UNSPACED, fold_words
from bot.model.vocabulary import Kind, Stage
from bot.query import lexicon


@dataclass(frozen=True, slots=True)
class Facet:
    """What a story should be: of one of these kinds or stages, disputed, or (not) ended. ``near`` kinds are half of it.

    ``said`` is how it is said back, in English; ``typed`` are the words that said it, for stories that only have them in
    their text, and ``is_english`` tells whether they are.
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
    def label(self) -> str:
        """How it is said back, in the language that is spoken."""
        return say_as("asked", self.name)

    @property
    def short_label(self) -> str:
        """How it is said back where the word is all that counts: ``ceo``, of which a story about people may know nothing."""
        return " ".join(self.query_words) if self.is_english else self.label


#: What was asked for, as an answer says it back: ``Matched: Nissan, talks``.
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
    """How a kind or a stage is said back, in the language that is spoken."""
    return say_as("asked", _FACET_NAMES[word])


def _make_facet(word: Kind | Stage, related_kinds: Sequence[Kind] = ()) -> Facet:
    name = _FACET_NAMES[word]
    return (
        Facet(name, kinds=(word,), related_kinds=tuple(related_kinds))
        if isinstance(word, Kind)
        else Facet(name, stages=(word,))
    )


_K, _S = Kind, Stage
_OWNERSHIP_KINDS = (_K.MERGER, _K.ACQUISITION, _K.STAKE)
_ACQUISITION_FACET = _make_facet(_K.ACQUISITION, _OWNERSHIP_KINDS)
_DISPUTED_FACET = Facet(lazy_as("asked", "disputed"), is_disputed=True)
_OPEN_FACET = Facet(lazy_as("asked", "open"), is_open=True)
_ENDED_FACET = Facet(lazy_as("asked", "ended"), stages=(_S.TERMINATED, _S.LAPSED))
_FACET_WORDS: tuple[tuple[Facet, str], ...] = (
    (_make_facet(_K.MERGER, [_K.ACQUISITION]), "merger|mergers|merge|merges|merged|merging|fusion|integration|tie up|合併|統合|合并|합병"),
    (_ACQUISITION_FACET, "acquisition|acquisitions|acquire|acquires|acquired|acquiring|takeover|takeovers|take over|takes over|taking over"),
    (_ACQUISITION_FACET, "buyout|buyouts|buy|buys|buying|bought|purchase|purchases|bid|bids|買収|收购|인수"),
    (_make_facet(_K.ACQUISITION, _OWNERSHIP_KINDS), "sell|sells|selling|sold|sale|owns|own|owner"),
    (_make_facet(_K.STAKE, [_K.FINANCING]), "stake|stakes|share|shares|shareholding|invest|invests|investing|investment|investments|出資|持股|入股|参股"),
    (_make_facet(_K.JOINT_VENTURE, [_K.ALLIANCE]), "joint venture|joint ventures|jv|jvs|venture|ventures|合弁|合资"),
    (_make_facet(_K.ALLIANCE, [_K.JOINT_VENTURE]), "alliance|alliances|partnership|partnerships|partner|partners|cooperation|collaboration|tie ups|提携|合作|제휴"),
    (_make_facet(_K.SUPPLY, [_K.CONTRACT_MANUFACTURING]), "supply|supplies|supplied|supplying|supplier|suppliers|order|orders|供給|供应|공급"),
    (_make_facet(_K.CONTRACT_MANUFACTURING, [_K.SUPPLY]), "contract manufacturing|contract manufacturer|contract production|受託生産|代工"),
    (_make_facet(_K.LICENSING), "licensing|license|licenses|licensed|licence|licences|patent|patents"),
    (_make_facet(_K.FINANCING, [_K.STAKE]), "financing|funding|loan|loans|credit|ipo|bond|bonds|lends"),
    (_make_facet(_K.PRODUCT), "product|products|launch|launches|launched|model|models"),
    (_make_facet(_K.PLANT, [_K.CONTRACT_MANUFACTURING]), "plant|plants|factory|factories|works|工場|工厂|공장"),
    (_make_facet(_K.POLICY), "policy|policies|regulation|regulations|tariff|tariffs|subsidy|subsidies|law"),
    (_make_facet(_K.PEOPLE), "people|ceo|ceos|chief executive|chairman|boss|appointment|appointments|layoffs|strike|strikes|management"),
    (_make_facet(_K.RESULTS), "results|result|earnings|profit|profits|revenue|outlook|quarter|決算|실적"),
    (_make_facet(_K.EVENT), "event|events|conference|conferences|forum|show"),
    (_make_facet(_S.RUMOURED), "rumoured|rumored|rumour|rumours|rumor|rumors|speculation"),
    (_make_facet(_S.TALKS), "talks|talk|in talks|talking|negotiation|negotiations|negotiate|negotiating|discussions|協議|谈判"),
    (_make_facet(_S.AGREED), "agreed|agree|agrees|agreement|agreements|mou|mous|loi|letter of intent|memorandum"),
    (_make_facet(_S.SIGNED), "signed|sign|signs|signing|binding"),
    (_make_facet(_S.REVIEW), "review|reviews|in review|under review|reviewed|antitrust|regulator|regulators|approval"),
    (_make_facet(_S.COMPLETED), "completed|complete|completes|completion|close|closed|closing|done|finished|final"),
    (_make_facet(_S.TERMINATED), "terminated|terminate|terminates|termination|cancelled|canceled|cancel|called off|call off|call it off|called it off|collapsed"),
    (_make_facet(_S.TERMINATED), "collapse|failed|fail|fails|dead|abandoned|dropped|broke off|break off|broke up|break up|breakup|split"),
    (_ENDED_FACET, "ended|ends|end|over|off"),
    (_make_facet(_S.LAPSED), "lapsed|lapse|lapses|expired"),
    (_DISPUTED_FACET, "disputed|dispute|denied|denies|deny|denial"),
    (_OPEN_FACET, "open|ongoing|pending|current|running|active"),
)  # fmt: skip
_FACETS_BY_PHRASE: dict[tuple[str, ...], Facet] = {}
for _facet, _phrases in _FACET_WORDS:
    for _phrase in _phrases.split("|"):
        _FACETS_BY_PHRASE.setdefault(tuple(_phrase.split()), replace(_facet, is_english=_phrase.isascii()))
#: Those whose beginnings and slips are understood; of other languages' words only the whole is, for they are near to English ones.
_SINGLE_WORDS = [typed[0] for typed in _FACETS_BY_PHRASE if len(typed) == 1]
_SPELL_CHECKER = SpellChecker(_SINGLE_WORDS)


_UMLAUT_SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _iterate_foreign_phrases() -> Iterator[tuple[Facet, str]]:
    facets_by_name: dict[str, Facet] = {}
    for facet, _ in _FACET_WORDS:
        facets_by_name.setdefault(facet.name, facet)
    yield from ((facets_by_name[_FACET_NAMES[word]], phrases) for word, phrases in lexicon.FACET_WORDS.items())
    yield from ((_DISPUTED_FACET, lexicon.DISPUTED_WORDS), (_OPEN_FACET, lexicon.OPEN_WORDS))


for _facet, _phrases in _iterate_foreign_phrases():
    # German is typed without its dots too: uebernahme.
    for _phrase in f"{_phrases}|{_phrases.translate(_UMLAUT_SPELLINGS)}".split("|"):
        _FACETS_BY_PHRASE.setdefault(tuple(fold_words(_phrase)), _facet)
_MAX_PHRASE_WORDS = max(map(len, _FACETS_BY_PHRASE))
#: Those of scripts without blanks, which stand inside a longer run; the longest first.
_UNSPACED_WORDS = sorted(
    (typed[0] for typed in _FACETS_BY_PHRASE if UNSPACED.search(typed[0]) and len(typed[0]) > 1), key=len, reverse=True
)
#: Words that say that deals are meant, of whatever kind.
DEAL_WORDS = frozenset(["deal", "deals", *fold_words(lexicon.DEAL_WORDS)])


def find_facets(query_words: Sequence[str]) -> tuple[tuple[Facet, ...], tuple[str, ...]]:
    """The kinds and stages that folded words name, each once, and the words that name none."""
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
    """The wish whose word this begins, while it is being typed; None when it is too short, or begins no word."""
    if len(prefix) < 3:
        return None
    return next((_FACETS_BY_PHRASE[(word,)] for word in _SINGLE_WORDS if word.startswith(prefix)), None)


def correct_facet_word(word: str) -> str | None:
    """The word of a kind or a stage that this one is a slip of the fingers away from; None for none."""
    return _SPELL_CHECKER.correct(word)


def _find_in_unspaced_run(word: str) -> tuple[list[Facet], list[str]]:
    """The kinds and stages inside a word of a script without blanks, and what is left of it: 経営統合はどうなった."""
    if not UNSPACED.search(word):
        return [], [word]
    facets: list[Facet] = []
    pieces = [word]
    for phrase in _UNSPACED_WORDS:
        if any(phrase in piece for piece in pieces):
            facets.append(replace(_FACETS_BY_PHRASE[(phrase,)], query_words=(phrase,)))
            pieces = [part for piece in pieces for part in piece.split(phrase)]
    return facets, [piece for piece in pieces if piece and not lexicon.JAPANESE_PARTICLES.fullmatch(piece)]


def _match_facet_at(query_words: Sequence[str], index: int) -> tuple[Facet | None, int]:
    for length in range(min(_MAX_PHRASE_WORDS, len(query_words) - index), 0, -1):
        phrase = tuple(query_words[index : index + length])
        facet = _FACETS_BY_PHRASE.get(phrase)
        if facet is not None:
            return replace(facet, query_words=phrase), length
    return None, 1
