"""How Japanese articles say what is expected, and when."""

from __future__ import annotations

from bot.model.proposals import ExpectedKind
from bot.query.lexicon.expectations.base import ExpectationPhrases

_YEAR = r"(?:(?P<year>20\d\d)年|(?P<next>来年)|(?P<this>今年|本年|年内(?=\d)))"
_BOUND = r"(?P<by>までに|まで|内に|中に|をめどに|を目途に|を期限に)?"
_ENDING = r"(?:に|の|から|で|より|以降)?"

_NUMBERS = {
    "上半期": 1, "下半期": 2, "前半": 1, "後半": 2, "上期": 1, "下期": 2,
    **{ f"{first}{dash}{first + 2}月{end}": quarter for quarter, first in enumerate((1, 4, 7, 10), start=1) for dash in "~〜-" for end in ("", "期") },
}  # fmt: skip

JAPANESE_EXPECTATIONS = ExpectationPhrases(
    nouns={
        "FUTURE": r"(へ|予定|見込み|見通し|計画|方針|目指す|目標|完了する|完了を|開始する|始める|する)",
        "CLOSING": r"(完了|クロージング|成立|実施|完了させ|手続きを終え|統合完了|取引完了|終え)",
    },
    events={
        ExpectedKind.CLOSING: r"""
            TARGET…CLOSING…(へ$|予定|見込み|見通し|計画|方針|目指す|目標|とみられ)
            TARGET…CLOSING(する|へ)
            (完了|クロージング|取引完了|完了予定|完了時期)(は|時期は|予定日は|日は)TARGET
            (買収|統合|合併|譲渡|売却|取引|手続き)…TARGET…(終える予定|完了|終える見込み|終える見通し)
        """,
        ExpectedKind.SIGNING: r"""
            TARGET…(最終契約|正式契約|契約締結|契約を締結|合意書を締結|正式合意|最終合意|調印)(へ|を?目指|する|の?予定|を予定|する方針)?
            (最終契約|正式契約|契約|最終合意|正式合意)(を|は)TARGET
        """,
        ExpectedKind.DECISION: r"""
            TARGET…(判断|決定|採決|投票|可否|判決|裁定|決議|結論)
            (判断|決定|採決|判決|結論)(は|を|期限は)TARGET
        """,
        ExpectedKind.LAUNCH: r"""
            TARGET…(生産|量産|稼働|納車|発売|販売|開業|操業|着工|出荷|供給|製造|運航|サービス|事業)(を|の)?(開始|始め|スタート|する|へ|予定|を目指|を計画)
            TARGET…(発売|稼働|開業|着工|投入|量産|操業)
            (量産|稼働|納車|発売|生産|生産開始|発売日|稼働開始)(は|開始は|を)TARGET
        """,
    },
    others=r"""
        TARGET…(ない見通し|可能性|検討|断念|中止|終了|閉鎖|撤退|停止|廃止|打ち切|以前|完了した|開始した|発売した|した。|していた)
        (売上高|利益|販売台数|赤字|黒字|社債)…TARGET
        TARGET(期)?に?…(売上高|営業利益|純利益|赤字|黒字)
    """,
    dates=(
        rf"{_YEAR}?の?(?P<half>上半期|下半期|前半|後半|上期|下期){_BOUND}{_ENDING}",
        rf"{_YEAR}の?(?P<quarter>1[~〜-]3月期?|4[~〜-]6月期?|7[~〜-]9月期?|10[~〜-]12月期?){_BOUND}{_ENDING}",
        rf"{_YEAR}?の?第(?P<quarter>[1-4])四半期{_BOUND}{_ENDING}",
        rf"{_YEAR}?(?P<month>1[0-2]|[1-9])月(?P<day>[0-3]?\d)日(?:付)?{_BOUND}{_ENDING}",
        rf"{_YEAR}?(?P<month>1[0-2]|[1-9])月(?:(?P<end>末)|(?P<vague>上旬|中旬|下旬|初め))?(?!期){_BOUND}{_ENDING}",
        rf"(?:(?P<year>20\d\d)年|(?P<next>来年)|(?P<this>今年|年))(?P<end>末){_BOUND}{_ENDING}",
        r"(?P<this>(?P<by>年内)|(?:今年中|本年中))(?:に|の|にも)?",
        rf"{_YEAR}(?:(?P<vague>半ば|初め|初頭|春|夏|秋|冬|ごろ|頃|中))?(?![度代]){_BOUND}{_ENDING}",
        r"(?:(?P<next>来月)|(?P<this>今月))(?P<period>中|末)?に?",
        r"(?P<count>\d{1,2})(?:カ月|か月|ヶ月)(?P<by>以内|後まで)に?",
    ),
    numbers=_NUMBERS,
    fiscal=r"年度|月期|通期|決算",
    uncertain="早ければ|最短で|早くて",
    has_spaces=False,
)
