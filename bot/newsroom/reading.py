"""Stage and claim as a text tells them: a suggestion for the desk, with the words that say so.

Words are looked up within one sentence, and only beside a word that names a deal. What is said not to be, to be wanted or to
be possible is not taken for done: a denial moves no stage, and what a company *plans to complete* is not completed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.model.tracking import Marked, Suggestion
from bot.model.vocabulary import Claim, Stage

#: How much of a text is read: its news is at its head.
LIMIT = 1_200
_SENTENCE = re.compile(r"[^.!?…\n]+(?:\.(?=\S)[^.!?…\n]+)*")
_DEAL = re.compile(
    r"\b(?:deals?|mergers?|merg(?:e|es|ed|ing)|acquisitions?|acquir(?:e|es|ed|ing)|takeovers?|take over|buyouts?|bids?|offers?|"
    r"stakes?|purchases?|sales?|tie-?ups?|joint ventures?|ventures?|alliances?|partnerships?|contracts?|agreements?|accords?|"
    r"pacts?|memorand(?:um|a)|mou|letters? of intent|loi|transactions?|talks|negotiations|discussions|supply|licen[cs]e|"
    r"buy|buys|buying|sell|sells|selling|combination|unit|financing|funding|investments?|invests?|cooperation|collaboration)\b"
)
_WORD = r"[\w'’-]+"


def _pattern(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})(?![\w-])")


#: What says a stage, the strongest first: *calls off talks* is no talks.
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        Stage.TERMINATED,
        _pattern(
            r"terminat(?:es?|ed|ing|ion)", r"call(?:s|ed|ing)? off", r"call(?:s|ed)? (?:it|them) off",
            rf"call(?:s|ed) (?:{_WORD} ){{1,4}}off", r"scrap(?:s|ped|ping)?", r"abandon(?:s|ed|ing)?", r"cancel(?:s|led|ed|ling|ing)?",
            r"walk(?:s|ed|ing)? away", r"pull(?:s|ed|ing)? out", r"back(?:s|ed|ing)? out", r"break(?:s|ing)? off", r"broke off",
            r"broken off", r"collaps(?:es?|ed)", r"fall(?:s|en)? (?:through|apart)", r"fell (?:through|apart)",
            rf"(?:withdraws?|withdrew|withdrawn|drops?|dropped|ends?|ended|ditch(?:es|ed)?) (?:{_WORD} ){{0,3}}(?:bid|offer|deal|talks|negotiations|merger|takeover|agreement|partnership|alliance|venture|discussions)",
            r"(?:deal|merger|takeover|acquisition|talks) (?:is|are) (?:off|dead|over)", r"no longer in (?:talks|negotiations)",
            r"block(?:s|ed)?", r"axe(?:s|d)?",
        ),
    ),
    (Stage.LAPSED, _pattern(r"laps(?:es?|ed|ing)", r"expir(?:es?|ed)", r"r[ua]ns? out")),
    (
        Stage.COMPLETED,
        _pattern(
            rf"complet(?:es|ed|ing|ion of) (?:{_WORD} ){{0,5}}(?:acquisition|merger|takeover|deal|purchase|sale|buyout|transaction|combination|venture|stake|unit|investment)",
            rf"(?:clos(?:es|ed|ing of)|finali[sz](?:es|ed)) (?:{_WORD} ){{0,5}}(?:acquisition|merger|takeover|deal|purchase|sale|buyout|transaction|financing|agreement)",
            r"(?:acquisition|merger|takeover|deal|purchase|sale|buyout|transaction) (?:is |was |has been |has |now |)(?:complete|completed|closed|closes|finali[sz]ed)",
            r"takes? (?:full )?control of", r"took (?:full )?control of",
        ),
    ),
    (
        Stage.REVIEW,
        _pattern(
            r"(?:regulators?|authorit(?:y|ies)|commission|watchdogs?|shareholders?|investors|board|court|government|eu|ftc|cma) (?:conditionally )?(?:approv(?:es?|ed)|clear(?:s|ed)?|back(?:s|ed)?|waves? through|waved through|reviews?|reviewing|investigat(?:es?|ing)|prob(?:es?|ing)|examin(?:es?|ing)|votes?|voted)",
            r"(?:antitrust|regulatory|competition|merger|shareholder|phase two|in-depth) (?:review|approval|clearance|probe|scrutiny|investigation|vote|nod)",
            r"under review", r"(?:seeks?|sought|awaits?|awaiting|pending|wins?|won|gets?|got|receives?|received|subject to) (?:eu |us |u\.s\. |chinese |final |regulatory |antitrust |shareholder |shareholders['’] |conditional )*(?:approval|clearance|nod|green light)",
            r"approved by (?:regulators|shareholders|the commission|authorities)", r"cleared by (?:regulators|the commission|authorities)",
        ),
    ),
    (
        Stage.AGREED,
        _pattern(
            r"mous?", r"memorand(?:um|a) of understanding", r"letters? of intent", r"lois?", r"agree(?:s|d)? in principle",
            r"(?:preliminary|non-?binding|framework|basic|initial|tentative|provisional) (?:agreement|deal|accord|pact)",
            r"handshake (?:deal|agreement)", r"agree(?:s|d)? (?:to|on|a|terms)", r"reach(?:es|ed)? (?:an? )?(?:agreement|deal|accord)",
            r"strikes? (?:an? )?(?:\S+ )?deal", r"struck (?:an? )?(?:\S+ )?deal",
        ),
    ),
    (
        Stage.SIGNED,
        _pattern(
            r"sign(?:s|ed|ing)?", r"ink(?:s|ed)", r"definitive (?:merger |purchase |supply )?agreements?", r"binding (?:agreement|contract|offer|deal)",
            r"enter(?:s|ed) into (?:an? )?(?:\S+ )?(?:agreement|contract)", r"seal(?:s|ed)",
        ),
    ),
    (
        Stage.TALKS,
        _pattern(
            r"(?:in|holds?|held|holding|enters?|entered|begins?|began|starts?|started|resumes?|resumed|opens?|opened|continues?|exclusive|advanced|merger|takeover|early|late-stage|final) (?:exclusive |advanced |merger |takeover |early |final |preliminary |late-stage )*(?:talks|negotiations|discussions)",
            r"negotiat(?:es?|ed|ing)", r"discuss(?:es|ed|ing)?", r"talks (?:with|over|on|about|to|between|continue|resume|begin|are)", r"in contact with",
            r"(?:nears?|nearing|close to|closing in on) (?:an? )?(?:\S+ )?(?:deal|agreement|accord|merger)",
        ),
    ),
    (
        Stage.RUMOURED,
        _pattern(
            r"mull(?:s|ed|ing)?", r"consider(?:s|ed|ing)?", r"weigh(?:s|ed|ing)?", r"explor(?:es?|ed|ing)", r"eye(?:s|d|ing)?",
            r"rumou?r(?:s|ed)?", r"approach(?:es|ed)?", r"interest(?:ed)? in", r"courts?", r"ponder(?:s|ed|ing)?", r"study(?:ing)?|studies",
            r"speculation", r"look(?:s|ed|ing)? (?:at|into)",
        ),
    ),
)  # fmt: skip
#: Where these stand before a signing, it is not signed but non-binding.
_NON_BINDING = re.compile(
    r"\b(?:mous?|memorand(?:um|a) of understanding|letters? of intent|lois?|non-?binding|preliminary|in principle)\b"
)

_DENIES = _pattern(
    r"den(?:y|ies|ied|ying)", r"denials?", r"refut(?:es?|ed)", r"(?:reject(?:s|ed)?|dismiss(?:es|ed)?) (?:\S+ ){0,3}?(?:reports?|rumou?rs?|speculation|claims?|talk of)",
    r"rul(?:es?|ed) out", r"no (?:such )?(?:talks|plans?|negotiations|discussions|deal|agreement|intention)", r"(?:untrue|baseless|unfounded)",
    r"reports? (?:is|are|was|were) (?:false|wrong|inaccurate|not true)",
)  # fmt: skip
_ASSERTS = _pattern(
    r"confirm(?:s|ed|ation)?", r"announc(?:es?|ed|ing|ement)", r"(?:said|says) (?:on \w+ )?in a (?:statement|filing|press release)",
    r"(?:regulatory|stock exchange|exchange) (?:filing|disclosure)", r"in a (?:joint )?(?:statement|filing|press release)", r"unveil(?:s|ed)",
)  # fmt: skip
_HEARSAY = _pattern(
    r"sources?", r"reportedly", r"people familiar", r"person familiar", r"insiders?", r"is said to", r"are said to", r"rumou?r(?:s|ed)?",
    r"according to (?:\S+ ){0,3}?reports?", r"reports?(?: says?)?", r"reported", r"leaked?",
)  # fmt: skip

_NOT = re.compile(
    r"\b(?:not|never|no|without|neither|nor|hasn['’]t|haven['’]t|didn['’]t|doesn['’]t|don['’]t|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|won['’]t|can['’]?t|cannot)$"
)
_FAILS = re.compile(r"\b(?:fail|fails|failed|refuse|refuses|refused|decline|declines|declined|stops short of|yet)$")
_NEAR = re.compile(r"\b(?:close|closer|near|nears|nearing|about|poised|ready|set|on the verge of|on the brink of)$")
_PERHAPS = re.compile(r"\b(?:could|may|might|would|can|possible|possibly|potential|likely|proposed)$")
_WANTS = re.compile(
    r"\b(?:plan|plans|planned|planning|aim|aims|hope|hopes|expect|expects|expected|intend|intends|want|wants|seek|seeks|try|"
    r"tries|will|shall|should|must|to|if|unless|until|before|once|when|threaten|threatens|urge|urges|urged|call|calls|called)$"
)
#: How many words before a phrase can turn its meaning.
_BEFORE = 4
#: These words end what came before: a *not* on the other side of them is another matter's.
_CLAUSE = frozenset("but and while after as although though that because said says".split())


@dataclass(frozen=True, slots=True)
class _Reading:
    stage: Stage | None
    stage_words: Marked | None
    denied: Marked | None


def read_suggestion(title: str, text: str = "") -> Suggestion:
    """Stage and claim of an article: the title's, and what it leaves open from the head of the text."""
    parts: tuple[tuple[Literal["title", "text"], str], ...] = (("title", title[:LIMIT]), ("text", text[:LIMIT]))
    stage: Stage | None = None
    stage_words: Marked | None = None
    claim: Claim | None = None
    claim_words: Marked | None = None
    for part, words in parts:
        for start, sentence in _sentences(words):
            if claim is None:
                claim, claim_words = _claim(part, start, sentence)
            reading = _stage(part, start, sentence)
            if claim is None and reading.denied is not None:
                claim, claim_words = Claim.DENIED, reading.denied
            if stage is None and claim is not Claim.DENIED:
                stage, stage_words = reading.stage, reading.stage_words
    if claim is Claim.DENIED:
        # A denial changes no stage, also where an earlier sentence named one.
        stage, stage_words = None, None
    return Suggestion(stage, claim or Claim.REPORTED, stage_words, claim_words)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in _SENTENCE.finditer(text):
        # Lowering must not change a length, or the places would be wrong.
        lowered = match.group().lower()
        yield match.start(), lowered if len(lowered) == len(match.group()) else match.group()


def _mark(part: Literal["title", "text"], start: int, sentence: str, begin: int, end: int) -> Marked:
    return Marked(part, start + begin, start + end, sentence[begin:end])


def _claim(part: Literal["title", "text"], start: int, sentence: str) -> tuple[Claim | None, Marked | None]:
    """Who stands behind a sentence. A denial is heard before hearsay, and hearsay before a party's word: *sources say that
    the company will announce* is no announcement.
    """
    for claim, pattern in ((Claim.DENIED, _DENIES), (Claim.REPORTED, _HEARSAY), (Claim.CONFIRMED, _ASSERTS)):
        for match in pattern.finditer(sentence):
            turned = _turned(sentence, match.start())
            if not turned or (claim is Claim.REPORTED and turned not in ("not", "fails")):
                return claim, _mark(part, start, sentence, match.start(), match.end())
    return None, None


def _stage(part: Literal["title", "text"], start: int, sentence: str) -> _Reading:
    if not _DEAL.search(sentence):
        return _Reading(None, None, None)
    denied: Marked | None = None
    for stage, pattern in _STAGES:
        for match in pattern.finditer(sentence):
            turned = _turned(sentence, match.start())
            meant = _meant(stage, sentence, turned)
            if meant is not None:
                return _Reading(meant, _mark(part, start, sentence, match.start(), match.end()), denied)
            if turned == "not" and denied is None:
                denied = _mark(part, start, sentence, _begin_of_turn(sentence, match.start()), match.end())
    return _Reading(None, None, denied)


def _meant(stage: Stage, sentence: str, turned: str) -> Stage | None:
    """The stage that a phrase stands for, once the words before it have had their say."""
    if turned == "near" and stage in (Stage.SIGNED, Stage.AGREED):
        return Stage.TALKS
    if turned == "perhaps" and stage in (Stage.SIGNED, Stage.AGREED, Stage.TALKS):
        return Stage.RUMOURED
    if turned and not (turned == "wants" and stage is Stage.RUMOURED):
        return None
    if stage is Stage.SIGNED and _NON_BINDING.search(sentence):
        return Stage.AGREED
    return stage


def _turned(sentence: str, place: int) -> str:
    """How the words before a place turn it: not, fails, near, perhaps, wants; empty when they do not."""
    for before in _heads(sentence, place):
        for name, pattern in (
            ("not", _NOT), ("fails", _FAILS), ("near", _NEAR), ("perhaps", _PERHAPS), ("wants", _WANTS),
        ):  # fmt: skip
            if pattern.search(before) and not (name == "wants" and _is_near_already(before)):
                return name
    return ""


def _is_near_already(before: str) -> bool:
    """*Close to signing*: the *to* is part of it."""
    return bool(re.search(r"\b(?:close|closer|near|about|poised|ready|set|likely)\s+to$", before))


def _heads(sentence: str, place: int) -> Iterable[str]:
    """What stands before a place, each time with one word less, up to the words that begin another matter."""
    before = sentence[max(0, place - 80) : place].rstrip()
    for _ in range(_BEFORE):
        last = before.rsplit(None, 1)[-1] if before else ""
        if not last or last[-1] in ",;:()–—" or last in _CLAUSE:
            return
        yield before
        before = before[: len(before) - len(last)].rstrip()


def _begin_of_turn(sentence: str, place: int) -> int:
    for before in _heads(sentence, place):
        match = _NOT.search(before)
        if match:
            return max(0, place - 80) + match.start()
    return place
