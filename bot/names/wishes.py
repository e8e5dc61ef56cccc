"""Words of a question that name a kind of story or a stage: ``mergers``, ``bought``, ``in talks``, ``called off``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.languages import noted_as, say_as
from bot.model.vocabulary import Kind, Stage
from bot.names import abroad
from bot.names.fold import UNSPACED, words
from bot.names.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Wish:
    """What a story should be: of one of these kinds or stages, disputed, or (not) ended. ``near`` kinds are half of it.

    ``said`` is how it is said back, in English; ``typed`` are the words that said it, for stories that only have them in
    their text, and ``is_english`` tells whether they are.
    """

    said: str
    kinds: tuple[Kind, ...] = ()
    stages: tuple[Stage, ...] = ()
    near: tuple[Kind, ...] = ()
    disputed: bool = False
    is_open: bool | None = None
    typed: tuple[str, ...] = ()
    is_english: bool = False

    @property
    def label(self) -> str:
        """How it is said back, in the language that is spoken."""
        return say_as("asked", self.said)

    @property
    def word(self) -> str:
        """How it is said back where the word is all that counts: ``ceo``, of which a story about people may know nothing."""
        return " ".join(self.typed) if self.is_english else self.label


#: What was asked for, as an answer says it back: ``Matched: Nissan, talks``.
_SAID: dict[Kind | Stage, str] = {
    Kind.MERGER: noted_as("asked", "merger"),
    Kind.ACQUISITION: noted_as("asked", "acquisition"),
    Kind.STAKE: noted_as("asked", "stake"),
    Kind.JOINT_VENTURE: noted_as("asked", "joint venture"),
    Kind.ALLIANCE: noted_as("asked", "alliance"),
    Kind.SUPPLY: noted_as("asked", "supply"),
    Kind.CONTRACT_MANUFACTURING: noted_as("asked", "contract manufacturing"),
    Kind.LICENSING: noted_as("asked", "licensing"),
    Kind.FINANCING: noted_as("asked", "financing"),
    Kind.PRODUCT: noted_as("asked", "product"),
    Kind.PLANT: noted_as("asked", "plant"),
    Kind.POLICY: noted_as("asked", "policy"),
    Kind.PEOPLE: noted_as("asked", "people"),
    Kind.RESULTS: noted_as("asked", "results"),
    Kind.EVENT: noted_as("asked", "event"),
    Stage.RUMOURED: noted_as("asked", "rumoured"),
    Stage.TALKS: noted_as("asked", "talks"),
    Stage.AGREED: noted_as("asked", "agreed"),
    Stage.SIGNED: noted_as("asked", "signed"),
    Stage.REVIEW: noted_as("asked", "review"),
    Stage.COMPLETED: noted_as("asked", "completed"),
    Stage.TERMINATED: noted_as("asked", "terminated"),
    Stage.LAPSED: noted_as("asked", "lapsed"),
}


def called(word: Kind | Stage) -> str:
    """How a kind or a stage is said back, in the language that is spoken."""
    return say_as("asked", _SAID[word])


def _wish(word: Kind | Stage, near: Sequence[Kind] = ()) -> Wish:
    said = _SAID[word]
    return Wish(said, kinds=(word,), near=tuple(near)) if isinstance(word, Kind) else Wish(said, stages=(word,))


_K, _S = Kind, Stage
_OF_A_COMPANY = (_K.MERGER, _K.ACQUISITION, _K.STAKE)
_BOUGHT = _wish(_K.ACQUISITION, _OF_A_COMPANY)
_DISPUTED = Wish(noted_as("asked", "disputed"), disputed=True)
_OPEN = Wish(noted_as("asked", "open"), is_open=True)
_ENDED = Wish(noted_as("asked", "ended"), stages=(_S.TERMINATED, _S.LAPSED))
_WORDS: tuple[tuple[Wish, str], ...] = (
    (_wish(_K.MERGER, [_K.ACQUISITION]), "merger|mergers|merge|merges|merged|merging|fusion|integration|tie up|合併|統合|合并|합병"),
    (_BOUGHT, "acquisition|acquisitions|acquire|acquires|acquired|acquiring|takeover|takeovers|take over|takes over|taking over"),
    (_BOUGHT, "buyout|buyouts|buy|buys|buying|bought|purchase|purchases|bid|bids|買収|收购|인수"),
    (_wish(_K.ACQUISITION, _OF_A_COMPANY), "sell|sells|selling|sold|sale|owns|own|owner"),
    (_wish(_K.STAKE, [_K.FINANCING]), "stake|stakes|share|shares|shareholding|invest|invests|investing|investment|investments|出資|持股|入股|参股"),
    (_wish(_K.JOINT_VENTURE, [_K.ALLIANCE]), "joint venture|joint ventures|jv|jvs|venture|ventures|合弁|合资"),
    (_wish(_K.ALLIANCE, [_K.JOINT_VENTURE]), "alliance|alliances|partnership|partnerships|partner|partners|cooperation|collaboration|tie ups|提携|合作|제휴"),
    (_wish(_K.SUPPLY, [_K.CONTRACT_MANUFACTURING]), "supply|supplies|supplied|supplying|supplier|suppliers|order|orders|供給|供应|공급"),
    (_wish(_K.CONTRACT_MANUFACTURING, [_K.SUPPLY]), "contract manufacturing|contract manufacturer|contract production|受託生産|代工"),
    (_wish(_K.LICENSING), "licensing|license|licenses|licensed|licence|licences|patent|patents"),
    (_wish(_K.FINANCING, [_K.STAKE]), "financing|funding|loan|loans|credit|ipo|bond|bonds|lends"),
    (_wish(_K.PRODUCT), "product|products|launch|launches|launched|model|models"),
    (_wish(_K.PLANT, [_K.CONTRACT_MANUFACTURING]), "plant|plants|factory|factories|works|工場|工厂|공장"),
    (_wish(_K.POLICY), "policy|policies|regulation|regulations|tariff|tariffs|subsidy|subsidies|law"),
    (_wish(_K.PEOPLE), "people|ceo|ceos|chief executive|chairman|boss|appointment|appointments|layoffs|strike|strikes|management"),
    (_wish(_K.RESULTS), "results|result|earnings|profit|profits|revenue|outlook|quarter|決算|실적"),
    (_wish(_K.EVENT), "event|events|conference|conferences|forum|show"),
    (_wish(_S.RUMOURED), "rumoured|rumored|rumour|rumours|rumor|rumors|speculation"),
    (_wish(_S.TALKS), "talks|talk|in talks|talking|negotiation|negotiations|negotiate|negotiating|discussions|協議|谈判"),
    (_wish(_S.AGREED), "agreed|agree|agrees|agreement|agreements|mou|mous|loi|letter of intent|memorandum"),
    (_wish(_S.SIGNED), "signed|sign|signs|signing|binding"),
    (_wish(_S.REVIEW), "review|reviews|in review|under review|reviewed|antitrust|regulator|regulators|approval"),
    (_wish(_S.COMPLETED), "completed|complete|completes|completion|close|closed|closing|done|finished|final"),
    (_wish(_S.TERMINATED), "terminated|terminate|terminates|termination|cancelled|canceled|cancel|called off|call off|call it off|called it off|collapsed"),
    (_wish(_S.TERMINATED), "collapse|failed|fail|fails|dead|abandoned|dropped|broke off|break off|broke up|break up|breakup|split"),
    (_ENDED, "ended|ends|end|over|off"),
    (_wish(_S.LAPSED), "lapsed|lapse|lapses|expired"),
    (_DISPUTED, "disputed|dispute|denied|denies|deny|denial"),
    (_OPEN, "open|ongoing|pending|current|running|active"),
)  # fmt: skip
_BY_WORDS: dict[tuple[str, ...], Wish] = {}
for _one, _said in _WORDS:
    for _typed in _said.split("|"):
        _BY_WORDS.setdefault(tuple(_typed.split()), replace(_one, is_english=_typed.isascii()))
#: Those whose beginnings and slips are understood; of other languages' words only the whole is, for they are near to English ones.
_NEAR = [typed[0] for typed in _BY_WORDS if len(typed) == 1]
_SPELLED = Vocabulary(_NEAR)


_WITHOUT_DOTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _told_abroad() -> Iterator[tuple[Wish, str]]:
    kinds: dict[str, Wish] = {}
    for wish, _ in _WORDS:
        kinds.setdefault(wish.said, wish)
    yield from ((kinds[_SAID[word]], said) for word, said in abroad.WORDS.items())
    yield from ((_DISPUTED, abroad.DISPUTED), (_OPEN, abroad.OPEN))


for _one, _said in _told_abroad():
    # German is typed without its dots too: uebernahme.
    for _typed in f"{_said}|{_said.translate(_WITHOUT_DOTS)}".split("|"):
        _BY_WORDS.setdefault(tuple(words(_typed)), _one)
_LONGEST = max(map(len, _BY_WORDS))
#: Those of scripts without blanks, which stand inside a longer run; the longest first.
_RUNS = sorted(
    (typed[0] for typed in _BY_WORDS if UNSPACED.search(typed[0]) and len(typed[0]) > 1), key=len, reverse=True
)
#: Words that say that deals are meant, of whatever kind.
DEALS = frozenset(["deal", "deals", *words(abroad.DEALS)])


def wishes_in(typed: Sequence[str]) -> tuple[tuple[Wish, ...], tuple[str, ...]]:
    """The kinds and stages that folded words name, each once, and the words that name none."""
    found: dict[str, Wish] = {}
    rest: list[str] = []
    place = 0
    while place < len(typed):
        wish, length = _wish_at(typed, place)
        wishes, left = ([wish], []) if wish else _in_run(typed[place])
        for one in wishes:
            found.setdefault(one.said, one)
        rest += left
        place += length
    return tuple(found.values()), tuple(rest)


def begun(word: str) -> Wish | None:
    """The wish whose word this begins, while it is being typed; None when it is too short, or begins no word."""
    if len(word) < 3:
        return None
    return next((_BY_WORDS[(near,)] for near in _NEAR if near.startswith(word)), None)


def corrected(word: str) -> str | None:
    """The word of a kind or a stage that this one is a slip of the fingers away from; None for none."""
    return _SPELLED.corrected(word)


def _in_run(word: str) -> tuple[list[Wish], list[str]]:
    """The kinds and stages inside a word of a script without blanks, and what is left of it: 経営統合はどうなった."""
    if not UNSPACED.search(word):
        return [], [word]
    found: list[Wish] = []
    pieces = [word]
    for known in _RUNS:
        if any(known in piece for piece in pieces):
            found.append(replace(_BY_WORDS[(known,)], typed=(known,)))
            pieces = [part for piece in pieces for part in piece.split(known)]
    return found, [piece for piece in pieces if piece and not abroad.AROUND.fullmatch(piece)]


def _wish_at(asked: Sequence[str], place: int) -> tuple[Wish | None, int]:
    for length in range(min(_LONGEST, len(asked) - place), 0, -1):
        typed = tuple(asked[place : place + length])
        known = _BY_WORDS.get(typed)
        if known is not None:
            return replace(known, typed=typed), length
    return None, 1
