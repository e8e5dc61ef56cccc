"""Japanese words of questions."""

from __future__ import annotations

import re

from bot.model.vocabulary import Claim, Kind, Stage
from bot.query.lexicon.base import Lexicon, QuestionKind, any_of
from bot.query.lexicon.expectations import JAPANESE_EXPECTATIONS
from bot.query.lexicon.statements import JAPANESE_STATEMENTS
from bot.query.lexicon.terms import JAPANESE_TERMS

#: What surrounds a word without a space: particles, verb endings and question words.
PARTICLES = re.compile(
    "(?:どうなった|どうなって|どうなる|どうして|なぜ|いつ|どこ|だれ|誰|何|なに|どの|どれ|どんな|いくら|いくつ|ですか|でしょうか|ました|ません|ます|です|ください"
    "|になった|になって|になる|なった|続いている|続いています|続いて|続く|今も|現在も|現在|進んでいる|進んで"
    "|した|して|する|しました|いる|いた|された|される|あった|起きた|起こった|教えて|見せて|知りたい|もう|まだ|本当に|という|こと|もの|一覧|リスト|すべて|全て|全部"
    "|について|とは|から|まで|より|ある|ない|たち|など|案件|か|の|は|が|を|に|で|と|も|へ|や)+"
)
_TIME_UNITS = {
    "日": "day",
    "週": "week",
    "か月": "month",
    "ヶ月": "month",
    "カ月": "month",
    "年": "year",
}

# For the patterns of questions, on folded text.
_CLOSE = "(?:完了|成立|クロージング)"
_BUY = "(?:買収|買った|買う|統合|合併|取得|出資|売却)"
_END = "(?:破談|中止|打ち切|打切|撤回|失敗|頓挫|阻止|禁止|断念|白紙|取りやめ|解消|終わった|終了)"
_ENDING = "(?:か|の|のか|のですか|んですか|でしょうか)?$"
_WHY = "(?:なぜ|どうして|何で|なんで|理由|原因)"

JAPANESE = Lexicon(
    code="ja",
    facet_words={
        Kind.MERGER: "合併|統合|経営統合",
        Kind.ACQUISITION: "買収|取得|売却|買った|買う",
        Kind.STAKE: "出資|株式取得|資本参加",
        Kind.JOINT_VENTURE: "合弁|合弁会社",
        Kind.ALLIANCE: "提携|協業|資本提携|業務提携",
        Kind.SUPPLY: "供給|調達",
        Kind.CONTRACT_MANUFACTURING: "受託生産|生産委託|受託製造",
        Kind.LICENSING: "ライセンス|特許",
        Kind.FINANCING: "資金調達|融資",
        Kind.PRODUCT: "製品|新型車",
        Kind.PLANT: "工場",
        Kind.POLICY: "政策|規制|関税",
        Kind.PEOPLE: "人事|社長",
        Kind.RESULTS: "決算|業績",
        Kind.EVENT: "イベント",
        Stage.RUMOURED: "うわさ|噂",
        Stage.TALKS: "協議|協議中|交渉",
        Stage.AGREED: "合意|基本合意",
        Stage.SIGNED: "締結|契約締結",
        Stage.REVIEW: "審査|審査中",
        Stage.COMPLETED: "完了",
        Stage.TERMINATED: "打ち切り|破談|中止|撤回",
        Stage.LAPSED: "失効",
    },
    disputed_words="否定",
    open_words="進行中",
    ended_words="阻止|禁止",
    claim_words={Claim.CONFIRMED: "確認 確認済み", Claim.REPORTED: "報道", Claim.DENIED: "否定"},
    deal_words="取引 案件",
    news_words="最新 ニュース 最新ニュース 何があった",
    several_words="一覧|リスト|すべての|全ての|どの取引|どの案件|どんな取引",
    largest_words="最大|最大の|大型|高額",
    topic_words={
        "lawsuit": "提訴 訴訟",
        "hydrogen": "水素",
        "engine": "エンジン",
        "battery": "電池 バッテリー",
        "chip": "半導体",
        "airline": "航空会社",
        "aircraft": "航空機 飛行機",
        "court": "裁判所",
        "workers": "従業員",
    },
    stopwords="の と は が を に で や について 最新 ニュース 教えて",
    over_suffixes="以上|超|を超える|を上回る|より大きい",
    under_suffixes="以下|未満|を下回る|より小さい",
    conjunctions="と|や|、|及び|および",
    exclusion_suffixes="以外|を除く|を除き|を除いた|を除いて|抜き",
    time_units=_TIME_UNITS,
    last_period_patterns=(rf"(?:過去|直近|ここ)\s*(?P<count>\d{{1,3}})\s*(?P<unit>{any_of(_TIME_UNITS)})間?",),
    quarter_patterns=(r"(?:(?P<year>(?:19|20)\d\d)\s*年\s*)?第\s*(?P<part>[1-4])\s*四半期",),
    half_year_patterns=(r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<part>上|下|第1|第2)半期",),
    half_year_numbers={"上": 1, "下": 2, "第1": 1, "第2": 2},
    since_patterns=(r"(?P<year>(?:19|20)\d\d)\s*年\s*(?:(?P<month>\d\d?)\s*月\s*)?(?:から|以降|以来)",),
    relative_ranges=(
        ("今週", "week", 0),
        ("先週", "week", 1),
        ("今月", "month", 0),
        ("先月", "month", 1),
        ("今四半期", "quarter", 0),
        ("前四半期", "quarter", 1),
        ("今年", "year", 0),
        ("昨年|去年", "year", 1),
    ),
    today="今日",
    yesterday="昨日",
    question_patterns={
        QuestionKind.CLOSING_DATE: f"(?:いつ|何年|何月).*(?:{_CLOSE}|{_BUY})|(?:{_CLOSE}|{_BUY}).*(?:いつ|何年|何月)|{_CLOSE}(?:予定日|時期|日)",
        QuestionKind.REASON: f"{_WHY}.*{_END}|{_END}.*{_WHY}",
        QuestionKind.PRICE_PER_SHARE: "(?:1|一)株(?:あたり|当たり|当り)",
        QuestionKind.STAKE: "何(?:パーセント|割|株)|出資比率|持ち?株比率|持ち?分比率",
        QuestionKind.AMOUNT: "いくら|(?:買収|取引|投資|出資)(?:金額|総額|額|価格)|(?:金額|総額|価格|値段)は",
        QuestionKind.BUYER: "(?:誰|だれ|どこ|どの会社|どの企業)(?:が|に).*(?:買収|買|取得)|(?:買い手|買収者|買収元|買収企業|買主)は|買収(?:した|する)(?:の|会社|企業)は(?:誰|だれ|どこ)",
        QuestionKind.STILL_ON: f"(?:まだ|今も|現在も|依然).*(?:続|有効|進行|生き|予定|交渉|協議|{_BUY})|(?:続いて|進んで|生きて|進行中)(?:いる|います|です)?{_ENDING}"
        f"|{_END}.*(?:た|です|ます){_ENDING}|いつ.*{_END}",
        QuestionKind.CLOSED: f"(?:{_CLOSE}|{_BUY}).*(?:した|しました|された|されました|している|しています|済み|終わった){_ENDING}",
    },
    reason_words="を理由に|理由として|が原因|原因で|に伴い",
    no_reason_words="理由は(?:明らか|公表|示)|理由を(?:示さ|明らかにし)|否定",
    per_share_words="(?:1|一)株(?:あたり|当たり|当り)",
    statements=JAPANESE_STATEMENTS,
    terms=JAPANESE_TERMS,
    expectations=JAPANESE_EXPECTATIONS,
)
