"""Japanese words of questions."""

from __future__ import annotations

import re

from bot.model.vocabulary import Claim, Kind, Stage
from bot.query.lexicon.base import Lexicon, QuestionKind, any_of
from bot.query.lexicon.statements import Statements

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

_STATEMENTS = Statements(
    nouns={
        "DEAL": "(買収|統合|合併|提携|出資|売却|取得|合弁|tob|契約|協業|交渉|協議|資本参加|供給|買い付け|共同開発|分社|上場|譲渡|連携|買い取り)",
        "MERGER": "(買収|統合|合併|提携|出資|売却|取得|tob|資本参加|買い付け|譲渡|合弁|事業)",
        "AUTHORITY": "(公取委|公正取引委|当局|欧州委|欧州委員会|euが|ftc|cma|cfius|samr|司法省|規制|独禁|株主総会|株主|競争当局|政府|eu|裁判所|対米外国投資委)",
    },
    stages=(
        (
            None,
            """
            労使|労組|賃上げ|春闘|関税交渉|自社株|下請法
            """,
        ),
        (
            Stage.LAPSED,
            """
            DEAL…(不成立|成立せず|失効|期限切れ|期限を迎え)
            """,
        ),
        (
            Stage.TERMINATED,
            """
            DEAL…(打ち切|打切|破談|中止|撤回|断念|白紙|決裂|解消|頓挫|取りやめ|解除|見送り|見送る|終了|から撤退|物別れ)
            (打ち切|破談|中止|撤回|断念|解消)…DEAL
            """,
        ),
        (
            Stage.REVIEW,
            """
            AUTHORITY…MERGER…(承認|審査|認可|調査|差し止め|可決|容認|条件付き|許可|懸念|反対|提訴)
            AUTHORITY…(承認|審査|認可|調査|差し止め|許可)…MERGER
            MERGER…AUTHORITY…(承認|審査|認可|調査|許可|差し止め|提訴)
            MERGER…(審査|差し止め)
            MERGER…(大統領|首相|大臣)…(承認|容認|許可|審査|判断)
            (買収|統合|合併)(を)?(阻止|差し止め)
            """,
        ),
        (
            Stage.COMPLETED,
            """
            DEAL…(完了|が成立|手続き完了|完了した|クロージング|を終え)
            (完全子会社化|子会社化)…完了
            (経営統合|統合会社)…(発足|が発足)
            """,
        ),
        (
            Stage.AGREED,
            """
            基本合意|覚書|大筋合意|大筋で合意|mou|意向書|基本契約|趣意書
            """,
        ),
        (
            Stage.SIGNED,
            """
            (契約|協定|提携|合意書)…(締結|調印|結ん|結ぶ|署名)
            (最終合意|最終契約|正式契約|正式合意)
            (買収|売却|統合|合併|提携|出資|合弁|供給|協業)(で|に|することで)(合意|決定)
            (買収|売却|統合|合併|出資|取得|子会社化)(する)?(と|を|すると)(正式)?(発表|決定|決議)
            と…で提携$
            を…に(売却|譲渡)$
            (資本業務|資本|業務)提携(?!…(検討|協議|交渉|否定))$
            (円|ドル|ユーロ|ポンド|元)で…(買収|売却|取得|譲渡)(?!へ…交渉|提案|案|を?検討|を?協議|か)
            [%％](を)?(出資|取得|売却)(?!を?(検討|協議|交渉))
            を(買収|完全子会社化|子会社化)$
            (を|から)?(受注|落札)
            (合弁会社|合弁)(を)?(設立|新設)(?!…(検討|協議))
            """,
        ),
        (
            Stage.TALKS,
            """
            DEAL…(協議入り|交渉入り|協議|交渉|最終調整|最終局面|詰めの|大詰め)
            (協議|交渉)(入り|に入|中|している|を進め|を開始|開始|を再開|再開|を継続|継続|が難航|難航|が本格化)
            (最終調整|優先交渉権|独占交渉)
            """,
        ),
        (
            Stage.RUMOURED,
            """
            DEAL…(検討|模索|関心|観測|打診|意向|視野|候補|思惑|取り沙汰|浮上|意欲)
            (検討|模索|関心|打診|浮上)…(買収|統合|合併|提携|出資|売却)
            (売却先|提携先|買い手|スポンサー)(を)?(探|模索|選定)
            (うわさ|噂)
            """,
        ),
    ),
    denials="""
        (を|と|で|は)?否定(?!的)
        (事実|予定|計画|考え|方針|意向)(は|が)(ない|ありません|無い)
        (協議|交渉|検討|合意)(は)?(していない|しておらず|しない|していません|せず)
        事実無根|虚偽
        """,
    hearsay="""
        関係者|報道|報じ|とみられ|日経|と一部|消息筋|通信社|現地紙|か$|によると
        """,
    assertions="""
        発表|明らかに|公表|開示|表明|正式決定|社長「|と確認|を確認
        """,
    cancelling="ない|せず|否定|めざす|目指す|見通し",
    has_spaces=False,
)

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
    statements=_STATEMENTS,
)
