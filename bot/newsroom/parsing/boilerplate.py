"""Remove what is not news from a text: banners, "read also", references, newsletters. The rules work on lines, for any
publisher.

A rule may leave boilerplate in, but must not take news out. So each needs the words *and* the shape of boilerplate: a
banner speaks of this website or of "we", a heading is a short line of nothing but that heading, what follows it is a
list and no prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_I = re.IGNORECASE

# A line is dropped if one of these matches it from beginning to end.
_BANNERS = re.compile(
    r"""
      (?:this|our|the)?\s*(?:web\s?site|site|page|portal)\b[^.]{0,60}\b(?:uses?|employs?|utili[sz]es?|sets?|stores?|places?)\b[^.]{0,60}\bcookies?\b.*
    | (?:[\w\s,&'’]{0,40}\b)?we\b[^.]{0,80}\b(?:use|employ|utili[sz]e|store|set|place)\b[^.]{0,80}\bcookies\b.*
    | by\s+(?:continuing|using|clicking|browsing|closing|visiting)\b[^.]{0,160}\b(?:cookies?|terms|privacy)\b.*
    | (?:please\s+)?(?:accept|reject|manage|allow|decline|deny|enable)\s+(?:all\s+|our\s+|the\s+|optional\s+|necessary\s+)*cookies?\b.{0,80}
    | (?:your\s+)?(?:cookies?|privacy|consent)(?:\s+(?:and|&)\s+\w+)?\s+(?:policy|settings?|preferences?|consent|notice|choices|statement)\b.{0,60}
    | (?:diese|unsere)\s+(?:web)?(?:site|seite)\b[^.]{0,40}\b(?:verwendet|nutzt|benutzt|setzt)\b[^.]{0,40}\bcookies\b.*
    | wir\s+(?:verwenden|nutzen|setzen)\b[^.]{0,60}\bcookies\b.*
    | (?:ce|notre)\s+site\b[^.]{0,40}\butilise\b[^.]{0,40}\bcookies\b.* | nous\s+utilisons\s+des\s+cookies\b.*
    | (?:questo|il\s+nostro)\s+sito\b[^.]{0,40}\b(?:utilizza|usa)\b[^.]{0,40}\bcookie\b.*
    | (?:este|nuestro)\s+sitio\b[^.]{0,40}\butiliza\b[^.]{0,40}\bcookies\b.* | (?:utilizamos|usamos)\s+cookies\b.*
    | (?:deze|onze)\s+(?:web)?site\b[^.]{0,40}\bgebruikt?\b[^.]{0,40}\bcookies\b.* | wij\s+gebruiken\b[^.]{0,40}\bcookies\b.*
    """,
    _I | re.VERBOSE,
)
_CALLS_TO_ACTION = re.compile(
    r"""
      (?:[\w\s,’']{0,40}\b)?(?:sign\s+up|subscribe|register\s+now|join\s+our)\b.{0,120}\b(?:newsletters?|e-?mails?|inbox|updates|alerts|channel|podcast|subscribers?|free|today|now|here)\b.{0,80}
    | (?:get|receive)\b.{0,80}\b(?:in|to)\s+your\s+inbox\b.{0,80} | (?:already\s+a\s+)?subscribe(?:r\?.{0,40})?
    | (?:jetzt\s+)?(?:den\s+|unseren\s+)?newsletter\s+(?:abonnieren|bestellen).{0,40} | abonnez-vous\b.{0,100} | inscrivez-vous\b.{0,100} | iscriviti\b.{0,100} | suscríbete\b.{0,100}
    | (?:follow|like|find)\s+us\s+(?:on|at)\b.{0,120} | follow\b.{0,60}\bon\s+(?:twitter|x|facebook|linkedin|instagram|whatsapp|telegram|google\s+news|youtube|threads|mastodon|bluesky)\b.{0,60}
    | share\s+(?:this|on|via|the)\b.{0,80} | share | tweet | print | e-?mail | whatsapp | facebook | linkedin | reddit | copy\s+link | comments?(?:\s*\(?\d+\)?)? | leave\s+a\s+(?:comment|reply).{0,40}
    | (?:this\s+is\s+(?:an\s+)?)?(?:advertisement|sponsored(?:\s+content)?|anzeige|werbung|publicité|pubblicità|publicidad|advertentie)
    | (?:please\s+)?enable\s+java\s?script\b.{0,120} | (?:you\s+need\s+to\s+enable|your\s+browser\s+does\s+not\s+support)\b.{0,160} | skip\s+to\s+(?:main\s+)?content | loading\b.{0,10}
    | (?:log|sign)\s+in\b.{0,60} | (?:click|tap)\s+here\b.{0,120} | continue\s+reading\b.{0,120} | keep\s+reading\W* | (?:read|view|see)\s+(?:the\s+)?(?:more|full\s+(?:article|story|text|post))\b.{0,120}
    | (?:weiterlesen|lire\s+la\s+suite|leggi\s+tutto|seguir\s+leyendo|lees\s+verder|mehr\s+lesen|もっと読む|続きを読む|阅读全文|閱讀全文)\b.{0,80}
    | (?:photo|image|picture|foto|bild|bildquelle|crédit\s+photo|credit)s?(?:\s+(?:by|credit|source|courtesy(?:\s+of)?))?\s*[:©].{0,160}
    | (?:©|\(c\)|copyright\b).{0,160} | .{0,80}\ball\s+rights\s+reserved\.? | this\s+(?:article|story|post)\s+(?:was|is|has\s+been)\s+(?:originally|first)\b.{0,160}
    | the\s+post\b.{1,300}\b(?:appeared\s+first\s+on|is\s+from)\b.{1,160} | \[?(?:…|\.\.\.)\]? | (?:related|tags?|filed\s+under|categories|topics|keywords|schlagwörter)\s*:.{0,200}
    | \d{1,2}\s+min(?:ute)?s?\s+read | (?:last\s+updated\s*:?|updated\s*:)\s+.{4,40} | \(?(?:additional\s+)?(?:reporting|writing|editing)\s+by\b.{0,300}
    """,
    _I | re.VERBOSE,
)
# A heading over a list of other articles, on a line of its own or before the first of them.
_RELATED_HEADING = re.compile(
    r"""
    (?:(?:please\s+)?(?:read|see|watch|view|check)\s+(?:also|more|next|this)|also\s+(?:read|see)
    |related(?:\s+(?:articles?|stories|story|news|content|topics?|posts?|reading|links?|coverage|to\s+this))?|more\s+(?:from|on|stories|news|articles|like)\b[\w\s'’]{0,30}
    |further\s+reading|recommended(?:\s+(?:for\s+you|articles|reading|stories))?|you\s+(?:may|might)(?:\s+also)?\s+(?:like|be\s+interested\s+in)
    |don['’]t\s+miss|must\s+reads?|most\s+(?:read|popular|viewed)|trending(?:\s+now)?|editor['’]?s['’]?\s+(?:picks?|choice)|in\s+other\s+news|up\s+next|what\s+to\s+read\s+next
    |lesen\s+sie\s+(?:auch|mehr)|auch\s+interessant|mehr\s+(?:zum\s+thema|dazu)|das\s+könnte\s+sie\s+(?:auch\s+)?interessieren|verwandte\s+(?:artikel|themen)|zum\s+thema
    |(?:à\s+)?lire\s+(?:aussi|également)|sur\s+le\s+même\s+sujet|leggi\s+anche|potrebbe\s+interessarti|lea\s+también|lee\s+también|te\s+puede\s+interesar|leia\s+(?:também|mais)|lees\s+ook
    |関連記事|あわせて読みたい|相关(?:阅读|新闻|文章)|相關(?:閱讀|新聞|文章)|延伸(?:阅读|閱讀)|관련\s*기사)
    """,
    _I | re.VERBOSE,
)
# A heading over an appendix. If a text follows on its line, that may be news: "Sources: …".
_APPENDIX_HEADING = re.compile(
    r"""
    (?:references?|sources?|footnotes?|notes?|citations?|bibliography|external\s+links|literature|about\s+the\s+author|(?:media|press)\s+contacts?|contacts?|latest\s+(?:news|stories|articles)
    |popular(?:\s+(?:now|posts|stories))?|quellen?|quellenangaben|literatur|fonti|fuentes|bronnen|références|riferimenti|referencias|参考文献|参考资料|參考資料)
    """,
    _I | re.VERBOSE,
)
_END_OF_HEADING = re.compile(r"[\s:：–—|>»-]*$")
_TITLE_SEPARATOR = re.compile(r"\s*[:：|»–—]\s*\S")
_LIST_ITEM = re.compile(r"(?:[-–—•·*▪●►»>→]|\[?\d{1,3}[.)\]])\s*\S")
_SENTENCE_END = re.compile(r"""[.!?。！？…]["'”’»)\]]*$""")
_READ_MORE_TAIL = re.compile(
    r"""
    (?<!\s)\s*(?:\[(?:…|\.\.\.)\]
    |(?:\[?(?:…|\.\.\.)\]?\s*)continue\s+reading\b.{0,250}|continue\s+reading\b.{0,250}[→»›>]
    |\(?(?:read|continue\s+reading)\s+(?:more|on)\)?\s*(?:[»›>→…]|\.\.\.)*|continue\s+reading\W*
    |the\s+post\b.{1,200}\bappeared\s+first\s+on\b.{1,100})\s*$
    """,
    _I | re.VERBOSE,
)
_MAX_TAIL = 350
_MAX_BOILERPLATE = 400
_MAX_HEADING = 60
_MIN_PROSE = 80


def remove_boilerplate(text: str) -> str:
    """Return the lines that are news. Idempotent."""
    previous = ""
    while previous != text:
        previous, text = text, "\n".join(_filter_lines(text.split("\n")))
    return text


def remove_leading_title(text: str, title: str) -> str:
    """Return the text without its first line if that repeats the title."""
    first, _, rest = text.partition("\n")
    return rest if _fold(first) == _fold(title) else text


def _fold(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".…")


def _filter_lines(lines: list[str]) -> Iterator[str]:
    is_in_list = False
    for line in lines:
        content = _LIST_ITEM.sub(lambda match: match[0][-1], line, count=1) if _LIST_ITEM.match(line) else line
        if _is_boilerplate(content):
            continue
        kind = _classify_heading(content)
        if kind == "list":
            is_in_list = True
        elif kind != "title" and not (is_in_list and not _is_prose(line)):
            is_in_list = False
            if rest := _remove_tail(line):
                yield rest


def _remove_tail(line: str) -> str:
    """Return the line without a "read more" at its end. An ellipsis shows that it was in the middle of a sentence."""
    rest = line
    while match := _READ_MORE_TAIL.search(rest, max(len(rest) - _MAX_TAIL, 0)):
        rest = rest[: match.start()]
    return rest if len(rest) == len(line) or not rest or _SENTENCE_END.search(rest) else f"{rest}…"


def _is_boilerplate(line: str) -> bool:
    return len(line) <= _MAX_BOILERPLATE and bool(_BANNERS.fullmatch(line) or _CALLS_TO_ACTION.fullmatch(line))


def _classify_heading(line: str) -> str:
    """Return ``list`` for a heading alone, ``title`` for one that is followed by the title of another article, else an
    empty string.
    """
    if len(line) > _MAX_BOILERPLATE:
        return ""
    related = _RELATED_HEADING.match(line)
    heading = related or _APPENDIX_HEADING.match(line)
    if heading and len(line) <= _MAX_HEADING and _END_OF_HEADING.match(line, heading.end()):
        return "list"
    return "title" if related and _TITLE_SEPARATOR.match(line, related.end()) else ""


def _is_prose(line: str) -> bool:
    return len(line) >= _MIN_PROSE and bool(_SENTENCE_END.search(line)) and not _LIST_ITEM.match(line)
