"""Headings of what is no news of one matter: round-ups, live pages, market reports, and opinion.

They share words with the news that they mention, and with each other from day to day. Without this, a big event would
absorb them and, through them, its neighbours.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.model.text_folding import fold

#: How many characters of a headline can hold its heading.
_LIMIT = 80

#: Headings that return from day to day, in lower case; a colon, a dash or a bar follows.
_RECURRING = re.compile(
    "|".join(
        (
            r"(?:stocks?|shares|earnings|deals|what|things) to (?:watch|know)(?: (?:on )?\w{3,12})?",
            r"(?:business|market|earnings|news|weekly|daily|morning) highlights",
            r"markets? (?:wrap|report|talk|snapshot|live|today|recap|close|open)",
            r"(?:morning|midday|evening|daily|weekly|market|news) (?:bid|brief|briefing|call|digest|recap|summary|wrap)",
            r"(?:the )?week (?:in review|ahead)(?: in [\w ]{3,20})?|(?:the )?(?:day|week) ahead",
            r"(?:[\w&-]{1,20} ){1,3}round-?up|news in brief|in brief|(?:top|today's) (?:news|stories|headlines)",
            r"(?:before|after) the bell|(?:pre-?market |biggest |stock )?movers|(?:deals|chart|quote) of the (?:day|week)",
            r"live(?: (?:blog|updates?|ticker|coverage|news))?|liveblog|newsblog|news-?ticker|live-?ticker|ticker",
            r"(?:börse|märkte|wirtschaft) (?:am|zum) (?:morgen|mittag|abend|wochenende)|aktien im (?:fokus|blick)|marktbericht",
            r"tages(?:vorschau|überblick|zusammenfassung)|wochen(?:vorschau|rückblick|ausblick)|presseschau|kurz notiert",
            r"das wichtigste(?: [\w ]{3,20})?|nachrichten(?:überblick|ticker)",
            r"(?:bolsa|mercados|claves|noticias)(?: (?:hoy|de hoy|del día|de la semana|en directo))?|valores (?:a seguir|del día)",
            r"en (?:directo|vivo)|resumen(?: [\w ]{3,20})?|lo más destacado(?: [\w ]{3,20})?|agenda(?: [\w ]{3,20})?",
            r"ライブ|ニュースまとめ|今日の(?:ニュース|市場|株式|注目)\w{0,8}|(?:本日の)?注目銘柄|週間(?:まとめ|展望|回顧)|市況(?:まとめ)?",
        )
    )
)
#: Headings of what somebody thinks of the news.
_COMMENTARY = re.compile(
    r"opinions?|op-ed|comments?|commentary|analysis|column|editorial|explainer|viewpoint|perspective|breakingviews|lex"
    r"|heard on the street|big take|big read|podcast|q&a"
    r"|kommentar|analyse|meinung|leitartikel|kolumne|gastbeitrag|hintergrund|interview"
    r"|opinión|análisis|columna|tribuna|pódcast|entrevista"
    r"|社説|解説|コラム|視点|論説|分析|オピニオン|焦点"
)
#: Reports of a day at the stock exchange, which name the companies that moved.
_MARKET_REPORT = re.compile(
    r"(?:european|asian|us|u\.s\.|japanese|chinese|german|london|tokyo|global|world) (?:shares|stocks|markets)\b"
    r"|(?:wall street|the dow|dow jones|s&p 500|nasdaq|nikkei(?: 225| stock average)?|ftse(?: 100)?|stoxx(?: 600| europe)?|hang seng|kospi)"
    r" (?:ends?|ended|closes?|closed|opens?|opened|rises?|rose|falls?|fell|slips?|slipped|slides?|slid|gains?|gained|edges?|edged|drops?"
    r"|dropped|climbs?|climbed|jumps?|jumped|dips?|dipped|hits?|rallies|sinks?|mixed|flat|higher|lower)\b"
    r"|(?:dax|tecdax|mdax) (?:schließt|eröffnet|startet|steigt|fällt|gibt|legt|verliert|gewinnt|kaum|im|mit)\b"
    r"|(?:el )?ibex(?: 35)? (?:cierra|abre|sube|baja|cae|gana|pierde|avanza|retrocede)\b"
    r"|日経平均|東証(?:前|大)?引け|ny株|(?:東京|米国|欧州)株"
)
#: A headline that explains, or asks.
_EXPLANATION = re.compile(r"(?:why|how|what|warum|wieso|weshalb|wie|¿?por qué|¿?cómo|¿?qué)\b|なぜ|どうなる")
_HEADING = re.compile(r"(?P<heading>[^:：|｜–—\]】]{2,60}?)(?:\s?[:：|｜]|\s[-–—]\s)")
_BRACKETED = re.compile(r"[\[【［〈<](?P<heading>[^\]】］〉>]{1,30})[\]】］〉>]")
_TRAILING = re.compile(r"(?:\s[-–—]|\s?[|｜])\s?(?P<heading>[\w& -]{2,30})$")


@lru_cache(maxsize=4_096)
def find_heading(title: str) -> str:
    """Return what marks a headline as a round-up, a live page, a market report, opinion or explanation, folded; empty for news.

    Those with one heading can be about one matter; anything with a heading is no report of what anything else is about.
    """
    line = " ".join(title[:_LIMIT].lower().replace("’", "'").split())
    if _MARKET_REPORT.match(line):
        return "market report"
    if _EXPLANATION.match(line):
        return "explainer"
    for pattern in (_BRACKETED, _HEADING):
        match = pattern.match(line)
        heading = match["heading"].strip() if match else ""
        if heading and (_RECURRING.fullmatch(heading) or _COMMENTARY.fullmatch(heading)):
            return fold(heading)
    trailing = _TRAILING.search(" ".join(title[-_LIMIT:].lower().split()))
    if trailing and _COMMENTARY.fullmatch(trailing["heading"].strip()):
        return fold(trailing["heading"])
    return "stocks to watch" if re.match(r"stocks to watch\b", line) else ""
