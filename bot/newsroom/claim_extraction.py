"""The stage and the claim that a text states, with the words that state them: a recommendation for the desk.

Phrases are looked up within one sentence, and stages only beside a word that names a deal. A phrase that is negated,
wanted or merely possible does not count as done: a denial moves no stage, and what a company *plans to complete* is
not completed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.model.tracking import Extraction, TextSpan
from bot.model.vocabulary import Claim, Stage

#: How many characters of a text are read: its news comes first.
CHARACTER_LIMIT = 1_200
_SENTENCE = re.compile(r"[^.!?…\n]+(?:\.(?=\S)[^.!?…\n]+)*")
_DEAL = re.compile(
    r"\b(?:deals?|mergers?|merg(?:e|es|ed|ing)|acquisitions?|acquir(?:e|es|ed|ing)|takeovers?|take over|buyouts?|bids?|offers?|"
    r"stakes?|purchases?|sales?|tie-?ups?|joint ventures?|ventures?|alliances?|partnerships?|contracts?|agreements?|accords?|"
    r"pacts?|memorand(?:um|a)|mou|letters? of intent|loi|transactions?|talks|negotiations|discussions|supply|licen[cs]e|"
    r"buy|buys|buying|sell|sells|selling|combination|unit|financing|funding|investments?|invests?|cooperation|collaboration)\b"
)
_WORD = r"[\w'’-]+"


def _compile_phrases(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})(?![\w-])")


#: The phrases of each stage, the strongest stage first: *calls off talks* is no talks.
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        Stage.TERMINATED,
        _compile_phrases(
            r"terminat(?:es?|ed|ing|ion)", r"call(?:s|ed|ing)? off", r"call(?:s|ed)? (?:it|them) off",
            rf"call(?:s|ed) (?:{_WORD} ){{1,4}}off", r"scrap(?:s|ped|ping)?", r"abandon(?:s|ed|ing)?", r"cancel(?:s|led|ed|ling|ing)?",
            r"walk(?:s|ed|ing)? away", r"pull(?:s|ed|ing)? out", r"back(?:s|ed|ing)? out", r"break(?:s|ing)? off", "broken off",
            r"broken off", r"collaps(?:es?|ed)", r"fall(?:s|en)? (?:through|apart)", r"fell (?:through|apart)",
            rf"(?:withdraws?|withdrew|withdrawn|drops?|dropped|ends?|ended|ditch(?:es|ed)?) (?:{_WORD} ){{0,3}}(?:bid|offer|deal|talks|negotiations|merger|takeover|agreement|partnership|alliance|venture|discussions)",
            r"(?:deal|merger|takeover|acquisition|talks) (?:is|are) (?:off|dead|over)", r"no longer in (?:talks|negotiations)",
            r"block(?:s|ed)?", r"axe(?:s|d)?",
        ),
    ),
    (Stage.LAPSED, _compile_phrases(r"laps(?:es?|ed|ing)", r"expir(?:es?|ed)", r"r[ua]ns? out")),
    (
        Stage.COMPLETED,
        _compile_phrases(
            rf"complet(?:es|ed|ing|ion of) (?:{_WORD} ){{0,5}}(?:acquisition|merger|takeover|deal|purchase|sale|buyout|transaction|combination|venture|stake|unit|investment)",
            rf"(?:clos(?:es|ed|ing of)|finali[sz](?:es|ed)) (?:{_WORD} ){{0,5}}(?:acquisition|merger|takeover|deal|purchase|sale|buyout|transaction|financing|agreement)",
            r"(?:acquisition|merger|takeover|deal|purchase|sale|buyout|transaction) (?:is |was |has been |has |now |)(?:complete|completed|closed|closes|finali[sz]ed)",
            r"takes? (?:full )?control of", r"took (?:full )?control of",
        ),
    ),
    (
        Stage.REVIEW,
        _compile_phrases(
            r"(?:regulators?|authorit(?:y|ies)|commission|watchdogs?|shareholders?|investors|board|court|government|eu|ftc|cma) (?:conditionally )?(?:approv(?:es?|ed)|clear(?:s|ed)?|back(?:s|ed)?|waves? through|waved through|reviews?|reviewing|investigat(?:es?|ing)|prob(?:es?|ing)|examin(?:es?|ing)|votes?|voted)",
            r"(?:antitrust|regulatory|competition|merger|shareholder|phase two|in-depth) (?:review|approval|clearance|probe|scrutiny|investigation|vote|nod)",
            r"under review", r"(?:seeks?|sought|awaits?|awaiting|pending|wins?|won|gets?|got|receives?|received|subject to) (?:eu |us |u\.s\. |chinese |final |regulatory |antitrust |shareholder |shareholders['’] |conditional )*(?:approval|clearance|nod|green light)",
            r"approved by (?:regulators|shareholders|the commission|authorities)", r"cleared by (?:regulators|the commission|authorities)",
        ),
    ),
    (
        Stage.AGREED,
        _compile_phrases(
            r"mous?", r"memorand(?:um|a) of understanding", r"letters? of intent", r"lois?", r"agree(?:s|d)? in principle",
            r"(?:preliminary|non-?binding|framework|basic|initial|tentative|provisional) (?:agreement|deal|accord|pact)",
            r"handshake (?:deal|agreement)", r"agree(?:s|d)? (?:to|on|a|terms)", r"reach(?:es|ed)? (?:an? )?(?:agreement|deal|accord)",
            r"strikes? (?:an? )?(?:\S+ )?deal", r"struck (?:an? )?(?:\S+ )?deal",
        ),
    ),
    (
        Stage.SIGNED,
        _compile_phrases(
            r"sign(?:s|ed|ing)?", r"ink(?:s|ed)", r"definitive (?:merger |purchase |supply )?agreements?", r"binding (?:agreement|contract|offer|deal)",
            r"enter(?:s|ed) into (?:an? )?(?:\S+ )?(?:agreement|contract)", r"seal(?:s|ed)",
        ),
    ),
    (
        Stage.TALKS,
        _compile_phrases(
            r"(?:in|holds?|held|holding|enters?|entered|begins?|began|starts?|started|resumes?|resumed|opens?|opened|continues?|exclusive|advanced|merger|takeover|early|late-stage|final) (?:exclusive |advanced |merger |takeover |early |final |preliminary |late-stage )*(?:talks|negotiations|discussions)",
            r"negotiat(?:es?|ed|ing)", r"discuss(?:es|ed|ing)?", r"talks (?:with|over|on|about|to|between|continue|resume|begin|are)", r"in contact with",
            r"(?:nears?|nearing|close to|closing in on) (?:an? )?(?:\S+ )?(?:deal|agreement|accord|merger)",
        ),
    ),
    (
        Stage.RUMOURED,
        _compile_phrases(
            r"mull(?:s|ed|ing)?", r"consider(?:s|ed|ing)?", r"weigh(?:s|ed|ing)?", r"explor(?:es?|ed|ing)", r"eye(?:s|d|ing)?",
            r"rumou?r(?:s|ed)?", r"approach(?:es|ed)?", r"interest(?:ed)? in", r"courts?", r"ponder(?:s|ed|ing)?", r"study(?:ing)?|studies",
            r"speculation", r"look(?:s|ed|ing)? (?:at|into)",
        ),
    ),
)  # fmt: skip
#: A sentence with one of these makes a signing non-binding.
_NON_BINDING = re.compile(
    r"\b(?:mous?|memorand(?:um|a) of understanding|letters? of intent|lois?|non-?binding|preliminary|in principle)\b"
)

_DENIES = _compile_phrases(
    r"den(?:y|ies|ied|ying)", r"denials?", r"refut(?:es?|ed)", r"(?:reject(?:s|ed)?|dismiss(?:es|ed)?) (?:\S+ ){0,3}?(?:reports?|rumou?rs?|speculation|claims?|talk of)",
    r"rul(?:es?|ed) out", r"no (?:such )?(?:talks|plans?|negotiations|discussions|deal|agreement|intention)", r"(?:untrue|baseless|unfounded)",
    r"reports? (?:is|are|was|were) (?:false|wrong|inaccurate|not true)",
)  # fmt: skip
_ASSERTS = _compile_phrases(
    r"confirm(?:s|ed|ation)?", r"announc(?:es?|ed|ing|ement)", r"(?:said|says) (?:on \w+ )?in a (?:statement|filing|press release)",
    r"(?:regulatory|stock exchange|exchange) (?:filing|disclosure)", r"in a (?:joint )?(?:statement|filing|press release)", r"unveil(?:s|ed)",
)  # fmt: skip
_HEARSAY = _compile_phrases(
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
#: How many words before a phrase can modify it.
_WORDS_BEFORE = 4
#: Words that begin another clause: a *not* before them does not modify what follows.
_CLAUSE_STARTERS = frozenset("but and while after as although though that because said says".split())


@dataclass(frozen=True, slots=True)
class _StageMatch:
    stage: Stage | None
    stage_words: TextSpan | None
    denial_words: TextSpan | None


def extract_stage_and_claim(title: str, text: str = "") -> Extraction:
    """Return the stage and the claim of a title, completed from the beginning of the text."""
    parts: tuple[tuple[Literal["title", "text"], str], ...] = (
        ("title", title[:CHARACTER_LIMIT]),
        ("text", text[:CHARACTER_LIMIT]),
    )
    stage: Stage | None = None
    stage_words: TextSpan | None = None
    claim: Claim | None = None
    claim_words: TextSpan | None = None
    for part, words in parts:
        for start, sentence in _split_sentences(words):
            if claim is None:
                claim, claim_words = _find_claim(part, start, sentence)
            stage_match = _find_stage(part, start, sentence)
            if claim is None and stage_match.denial_words is not None:
                claim, claim_words = Claim.DENIED, stage_match.denial_words
            if stage is None and claim is not Claim.DENIED:
                stage, stage_words = stage_match.stage, stage_match.stage_words
    if claim is Claim.DENIED:
        # A denial changes no stage, even if an earlier sentence named one.
        stage, stage_words = None, None
    return Extraction(stage, claim or Claim.REPORTED, stage_words, claim_words)


def extract_stated_stages(text: str) -> Iterator[Stage]:
    """Yield the stage that each sentence of a text states, in English; sentences that state none are left out."""
    for start, sentence in _split_sentences(text):
        match = _find_stage("text", start, sentence)
        claim, _ = _find_claim("text", start, sentence)
        if match.stage is not None and claim is not Claim.DENIED:
            yield match.stage


def _split_sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in _SENTENCE.finditer(text):
        # If lowering changes the length, the positions would be wrong.
        lowercase = match.group().lower()
        yield match.start(), lowercase if len(lowercase) == len(match.group()) else match.group()


def _make_span(part: Literal["title", "text"], start: int, sentence: str, begin: int, end: int) -> TextSpan:
    return TextSpan(part, start + begin, start + end, sentence[begin:end])


def _find_claim(part: Literal["title", "text"], start: int, sentence: str) -> tuple[Claim | None, TextSpan | None]:
    """Find who stands behind a sentence.

    A denial takes precedence over hearsay, and hearsay over a party's word: *sources say that the company will announce*
    is no announcement.
    """
    for claim, pattern in ((Claim.DENIED, _DENIES), (Claim.REPORTED, _HEARSAY), (Claim.CONFIRMED, _ASSERTS)):
        for match in pattern.finditer(sentence):
            modifier = _find_modifier(sentence, match.start())
            if not modifier or (claim is Claim.REPORTED and modifier not in ("not", "fails")):
                return claim, _make_span(part, start, sentence, match.start(), match.end())
    return None, None


def _find_stage(part: Literal["title", "text"], start: int, sentence: str) -> _StageMatch:
    if not _DEAL.search(sentence):
        return _StageMatch(None, None, None)
    denial_words: TextSpan | None = None
    for stage, pattern in _STAGES:
        for match in pattern.finditer(sentence):
            modifier = _find_modifier(sentence, match.start())
            adjusted_stage = _adjust_stage(stage, sentence, modifier)
            if adjusted_stage is not None:
                return _StageMatch(
                    adjusted_stage, _make_span(part, start, sentence, match.start(), match.end()), denial_words
                )
            if modifier == "not" and denial_words is None:
                denial_words = _make_span(
                    part, start, sentence, _find_negation_start(sentence, match.start()), match.end()
                )
    return _StageMatch(None, None, denial_words)


def _adjust_stage(stage: Stage, sentence: str, modifier: str) -> Stage | None:
    """Return the stage of a phrase after the words before it have modified it; None if they cancel it."""
    if modifier == "near" and stage in (Stage.SIGNED, Stage.AGREED):
        return Stage.TALKS
    if modifier == "perhaps" and stage in (Stage.SIGNED, Stage.AGREED, Stage.TALKS):
        return Stage.RUMOURED
    if modifier and not (modifier == "wants" and stage is Stage.RUMOURED):
        return None
    if stage is Stage.SIGNED and _NON_BINDING.search(sentence):
        return Stage.AGREED
    return stage


def _find_modifier(sentence: str, position: int) -> str:
    """Return how the words before a position modify it: not, fails, near, perhaps or wants; empty if they do not."""
    for before in _get_preceding_texts(sentence, position):
        for name, pattern in (
            ("not", _NOT), ("fails", _FAILS), ("near", _NEAR), ("perhaps", _PERHAPS), ("wants", _WANTS),
        ):  # fmt: skip
            if pattern.search(before) and not (name == "wants" and _is_near_phrase(before)):
                return name
    return ""


def _is_near_phrase(before: str) -> bool:
    """Return whether a *to* belongs to a phrase such as *close to* signing."""
    return bool(re.search(r"\b(?:close|closer|near|about|poised|ready|set|likely)\s+to$", before))


def _get_preceding_texts(sentence: str, position: int) -> Iterable[str]:
    """Yield the text before a position, each time one word shorter, until another clause begins."""
    before = sentence[max(0, position - 80) : position].rstrip()
    for _ in range(_WORDS_BEFORE):
        last_word = before.rsplit(None, 1)[-1] if before else ""
        if not last_word or last_word[-1] in ",;:()–—" or last_word in _CLAUSE_STARTERS:
            return
        yield before
        before = before[: len(before) - len(last_word)].rstrip()


def _find_negation_start(sentence: str, position: int) -> int:
    for before in _get_preceding_texts(sentence, position):
        match = _NOT.search(before)
        if match:
            return max(0, position - 80) + match.start()
    return position
