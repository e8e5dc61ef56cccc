"""Words of opposite directions, which distinguish headlines of otherwise similar words, in the bot's languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from bot.newsroom.tracker.stems import stem

#: The directions of each stem: the number of the row, and of the direction in it.
Directions = Mapping[str, frozenset[tuple[int, int]]]

#: Each row has the words of two or more directions, in English, German, Spanish and Japanese (two characters).
_OPPOSITES = (
    (
        "gain higher climb jump soar surge increase grow raise lift boost hike recover rebound rally upgrade rise rose erhoht erhohen steigt steigen anhebt hebt sube suben aumenta eleva eleve dispara 上方 急騰 増加 上昇 増産 値上 利上 き上 増益",
        "fall fell lower drop slip slide sink plunge decrease shrink cut decline tumble slash trim reduce downgrade loses senkt senken fallt fallen sinkt kurzt baja bajan caen cae reduce recorta 下方 急落 減少 下落 減産 値下 利下 き下 減益",
        "keep hold maintain unchanged leave halt halten behalt mantiene mantienen 据え 維持",
    ),
    (
        "open begin began start launch resume restart reopen beginn beginnt nimmt startet offnet eroffnet empieza inicia abre comienza 開始 再開 開業 開所",
        "close end shut halt stop suspend finish pause mothball collapse cease endet beendet ende schliesst stoppt termina cierra fin rompe 終了 停止 中止 閉鎖 打ち 撤退",
        "continue extend prolong prolongar verlangert prolonga 継続 延長",
    ),
    ("extend prolong continue renew uphold keep maintain", "lift end scrap stop drop ends cancel terminate"),
    ("impose uphold", "lift suspend remove waive"),
    (
        "win won beat victory land gewinnt gewinnen gana ganan 勝訴 黒字",
        "lose lost defeat miss verliert verlieren pierde pierden 敗訴 赤字",
    ),
    ("get got receive win won grant secure obtain", "lose lost reject refuse deny denied"),
    (
        "approve accept agree back support allow clear grant permit annehmen nimmt billigt genehmigt erlaubt acepta aprueba apoya permite 承認 受け 賛成 容認",
        "reject refuse deny denied oppose block ban veto dismiss prohibit lehnt verbietet untersagt blockiert rechaza bloquea prohibe 拒否 阻止 反対 否定 禁止",
        "appeal seek sue review probe investigate",
    ),
    ("pay paid settle", "appeal contest"),
    ("name appoint pick choose",),
    ("quit resign leave",),
    ("cancel scrap abandon drop end call off shelve",),
    ("buy acquire purchase take snap",),
    ("limit restrict curb",),
    ("raise lift increase up hike boost",),
    ("block bar stop ban",),
    ("win get secure land receive",),
    ("end stop close shut halt",),
    ("approve clear back",),
    ("reject deny turn dismiss",),
    ("open start launch",),
    ("expand extend",),
    ("fall plunge tumble drop slump",),
    ("jump surge soar rise",),
    ("target attack hit", "protect shield spare"),
    (
        "weaken soften loosen ease relax lockert lockern relaja suaviza 緩和",
        "strengthen harden tighten toughen verscharft verscharfen endurece 強化",
    ),
    ("target", "weaken"),
    ("extend resume keep", "halt pause"),
    ("hire recruit add", "fire lay layoff dismiss cancel"),
    ("keep retain hold stay stays remain", "drop scrap abandon sell withdraw leave quit pull exit"),
    ("submit launch file present lanza presenta vorlegt", "withdraw shelve drop withdrew retira zieht 撤回 取り"),
    (
        "expand grow extend ramp baut ausbau amplia 拡大 拡張 増強",
        "shrink scale downsize reduce kurzt schliesst reduce 縮小",
    ),
    ("accelerate speed hasten bring", "slow delay postpone push defer"),
    ("narrow lose", "widen extend"),
    ("import", "export"),
    ("succeed pass", "fail"),
    ("lead", "follow trail"),
    ("advance", "postpone delay"),
    ("settle resolve", "escalate contest"),
    ("include", "exclude"),
    ("insource", "outsource"),
    ("upgrade", "downgrade"),
    (
        "confirm confirmed admit bestatigt confirma 認める",
        "deny denied dismiss reject bestreitet dementiert niega desmiente 否定",
    ),
    ("convict guilty", "acquit innocent"),
    ("arrest detain jail", "free release"),
    ("kill dead dies died", "survive wound injure"),
    ("join enter joins beitritt 参加 参入", "leave quit exit withdraw verlasst 離脱 脱退"),
    ("sign", "terminate cancel scrap abandon"),
    ("hospitalize hospitalise taken", "release released discharge"),
    ("order", "turn refuse"),
    ("deploy send", "recall withdraw"),
    ("add", "cancel cut remove"),
    ("file", "emerge exit"),
    ("seek request ask", "win won secure get"),
    ("gain benefit profit", "suffer lose"),
    ("double ramp", "back scale"),
)
#: Directions that two parties of one act have: only of one party are they opposites.
_CONVERSES = (
    (
        "buy bought acquire kauft kaufen ubernimmt compra adquiere 買収 取得",
        "sell sold divest verkauft verkaufen vende 売却",
    ),
    ("give grant deliver", "receive"),
)
#: Words that often have another sense: they only make a re-report less likely.
_WEAK_OPPOSITES = (
    ("up high best more", "down less lower low worst fewer"),
    ("first", "last second third"),
    ("before", "after"),
)
_NEGATIONS = (
    "not no none never without cannot cant wont doesnt dont isnt arent wasnt didnt nor neither"
    " deny denied denies bestreitet dementiert niega desmiente 否定"
    " nicht kein keine keinen keiner nie ohne nunca sin ningun ninguna ない"
)
_DENIALS = "dismiss reject refuse refuses fail fails avoid lack lehnt rechaza 拒否"


def _build(rows: Iterable[Iterable[str]], start: int = 0) -> Directions:
    directions: dict[str, set[tuple[int, int]]] = {}
    for number, row in enumerate(rows, start):
        for direction, words in enumerate(row):
            for word in words.split():
                # A short word may lose more than its other forms do: ease and eases, speed and speeds.
                for form in (word, f"{word}s"):
                    directions.setdefault(stem(form), set()).add((number, direction))
    return {word: frozenset(pairs) for word, pairs in directions.items()}


def _stem_all(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


OPPOSITES = _build(_OPPOSITES)
CONVERSES = _build(_CONVERSES)
ALL_DIRECTIONS = _build((*_OPPOSITES, *_CONVERSES, *_WEAK_OPPOSITES))
NEGATIONS = _stem_all(_NEGATIONS)
DENIALS = _stem_all(_DENIALS)


def find_directions(stems: Iterable[str]) -> frozenset[tuple[int, int]]:
    """Return the directions that these stems have."""
    return frozenset(direction for word in stems for direction in ALL_DIRECTIONS.get(word, ()))


def find_opposites(one: Iterable[str], other: Iterable[str], directions: Directions) -> bool:
    """Return whether each of two texts has a word of its own, by their stems, and the two are opposites."""
    ours, theirs = set(one), set(other)
    here = {direction for word in ours - theirs for direction in directions.get(word, ())}
    there = {direction for word in theirs - ours for direction in directions.get(word, ())}
    return any(a == b and x != y for (a, x), (b, y) in product(here, there))
