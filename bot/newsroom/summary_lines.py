"""The lines of a text that a summary can quote: whole sentences with whole quotations that say something."""

from __future__ import annotations

import re

from bot.model.sentences import find_sentences
from bot.model.text_folding import UNSPACED
from bot.newsroom.quotations import has_unpaired_mark, join_quotations, remove_quotations

#: How many characters of a text are read.
CHARACTER_LIMIT = 1_500
#: A shorter line says too little.
MIN_WORDS = 4
_COMPLETE = re.compile(r"[.!?…。！？][\"'“”’»«›‹」』）)\]]{0,4}$")
#: A feed's teaser that breaks off.
_CUT_ENDS = ("…", "...", "….", "[…]", "…。")
_ENDS_WITH_QUOTATION = re.compile(r"[\"'“”’»«」』]$")
_WORD = re.compile(r"[\w'’.-]{1,40}")
#: What makes a statement of more than a name and a verb: *said, that it …*, *said: …*.
_CLAUSE = re.compile(r"[,;:–—]|\b(?:that|dass|que|si|ob|whether)\b", re.IGNORECASE)
_MAX_ATTRIBUTION = 10
_SPEECH = (
    r"(?:said|says|tweeted|wrote|added|noted|told|posted|commented|replied|explained|stated|sagten?|so|erklärten?|schrieb(?:en)?"
    r"|betonten?|ergänzten?|meinten?|teilten?|berichteten?|hieß|dijo|dijeron|advirtió|afirmó|añadió|explicó|señaló|escribió"
    r"|aseguró|declaró|indicó|comentó)"
)
_BEGINS_WITH_SPEECH = re.compile(rf"(?:(?:das|dies|así lo|eso)\s)?{_SPEECH}\b", re.IGNORECASE)
_HAS_SPEECH = re.compile(r"\b(?:said|says|tweeted|wrote|added|noted|told|posted|commented|replied|explained|stated)\b")
_JAPANESE_SPEECH = re.compile(
    r"と.{0,20}(?:述べ|語|話し|話す|コメント|説明|発表|強調|指摘|投稿).{0,6}[。！？]?", re.DOTALL
)
#: A note of the desk on its source: *The source does not say …*.
_NOTE = re.compile(
    r"(?:the|this) (?:source|report|article)s?\b[^.,;]{0,30}? (?:do(?:es)? not|names? no|gives? no|dates? it|states? no|has no)\b"
    r"|(?:die|diese) quellen?\b[^.,;]{0,30}? (?:nenn(?:t|en)|datier(?:t|en)|(?:sag|schreib)(?:t|en) nicht)\b"
    r"|(?:la|esta|las) fuentes?\b[^.,;]{0,30}? (?:no|fechan?)\b|(?:出典|情報源)[はに]",
    re.IGNORECASE,
)
#: What tells only when, where and to whom something was said.
_CIRCUMSTANCES = frozenset(
    "a an the his her its their our on in at to via by from of and during after early late earlier later also separately"
    " statement interview post posts tweet tweets letter email e-mail memo message press news conference call briefing"
    " release filing blog television tv radio twitter x facebook linkedin online reporters journalists analysts staff"
    " employees investors shareholders lawmakers them him us me reuters bloomberg yesterday today tomorrow morning"
    " afternoon evening night week month last this same day monday tuesday wednesday thursday friday saturday sunday"
    " january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sept oct nov dec".split()
)


def count_words(text: str) -> int:
    """Return how many words a text has; in a script without blanks two characters count as one."""
    count = 0
    for word in text.split():
        unspaced = len(UNSPACED.findall(word))
        spaced = unspaced < len(word) and any(each.isalnum() for each in UNSPACED.sub("", word))
        count += (unspaced + 1) // 2 + int(spaced)
    return count


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text that a summary can quote, with single blanks."""
    units: list[str] = []
    sentences = (sentence for _, sentence in find_sentences(text[:CHARACTER_LIMIT]))
    for unit in join_quotations(sentences):
        line = " ".join(unit.split())
        if units and is_attribution(line) and _ENDS_WITH_QUOTATION.search(units[-1]):
            units[-1] = f"{units[-1]} {line}"
        elif line:
            units.append(line)
    return tuple(line for line in units if _COMPLETE.search(line) and can_be_quoted(line))


def can_be_quoted(line: str) -> bool:
    """Return whether a line says enough by itself: it has some words, its quotations are whole, and they have a speaker."""
    return (
        count_words(line) >= MIN_WORDS
        and not has_unpaired_mark(line)
        and not line.endswith(_CUT_ENDS)
        and not is_attribution(line)
        and not _NOTE.match(line)
        and count_words(remove_quotations(line)) > 0
    )


def is_attribution(line: str) -> bool:
    """Return whether a line only says who said what another line says: *Orb tweeted early Tuesday.*"""
    if _JAPANESE_SPEECH.fullmatch(line):
        return True
    words = _WORD.findall(line)
    if len(words) > _MAX_ATTRIBUTION or _CLAUSE.search(line) or remove_quotations(line) != line:
        return False
    if _BEGINS_WITH_SPEECH.match(line):
        return True
    speech = _HAS_SPEECH.search(line)
    if speech is None:
        return False
    circumstances = (word.strip(".'’") for word in _WORD.findall(line[speech.end() :].lower()))
    return all(word in _CIRCUMSTANCES or word[:1].isdigit() for word in circumstances if word)
