"""The words of questions in the other languages that the bot speaks: kinds and stages, months, times that count from today.

They are understood whatever language is spoken. Left out is what means something else in English (``final``, ``fin``).
"""

from __future__ import annotations

import re

from bot.languages import get_month_abbreviations
from bot.model.vocabulary import Kind, Stage

_K, _S = Kind, Stage

#: Words of German, Spanish and Japanese that name a kind or a stage.
FACET_WORDS: dict[Kind | Stage, str] = {
    _K.MERGER: "fusionen|fusioniert|fusionieren|zusammenschluss|fusión|fusiones|fusionan|経営統合",
    _K.ACQUISITION: "übernahme|übernahmen|übernimmt|übernehmen|kauf|kauft|gekauft|verkauf|verkauft|"
    "adquisición|adquisiciones|adquiere|compra|compras|venta|vende|取得|売却",
    _K.STAKE: "beteiligung|beteiligungen|anteil|anteile|participación|participaciones|acciones|株式取得|資本参加",
    _K.JOINT_VENTURE: "gemeinschaftsunternehmen|empresa conjunta|empresas conjuntas|合弁会社",
    _K.ALLIANCE: "allianz|allianzen|partnerschaft|partnerschaften|kooperation|alianza|alianzas|asociación|cooperación|協業|資本提携|業務提携",
    _K.SUPPLY: "lieferung|lieferungen|liefervertrag|lieferant|lieferanten|zulieferer|suministro|suministros|proveedor|proveedores|調達",
    _K.CONTRACT_MANUFACTURING: "auftragsfertigung|fabricación por contrato|生産委託|受託製造",
    _K.LICENSING: "lizenz|lizenzen|licencia|licencias|ライセンス|特許",
    _K.FINANCING: "finanzierung|finanzierungen|kredit|financiación|financiamiento|préstamo|資金調達|融資",
    _K.PRODUCT: "produkt|produkte|produkteinführung|producto|productos|lanzamiento|製品|新型車",
    _K.PLANT: "werk|werke|fabrik|fabriken|fábrica|fábricas|planta|plantas",
    _K.POLICY: "politik|gesetz|zölle|regulierung|política|regulación|aranceles|政策|規制|関税",
    _K.PEOPLE: "personalie|personalien|personen|personas|chefwechsel|stellenabbau|nombramiento|despidos|人事|社長",
    _K.RESULTS: "ergebnis|ergebnisse|gewinn|umsatz|quartalszahlen|resultado|resultados|beneficio|ingresos|業績",
    _K.EVENT: "veranstaltung|veranstaltungen|messe|evento|eventos|feria|イベント",
    _S.RUMOURED: "gerücht|gerüchte|rumores|うわさ|噂",
    _S.TALKS: "gespräch|gespräche|verhandlung|verhandlungen|in gesprächen|verhandelt|negociación|negociaciones|conversaciones|negocian|協議中|交渉",
    _S.AGREED: "vereinbart|vereinbarung|einigung|absichtserklärung|acordado|acordada|合意|基本合意",
    _S.SIGNED: "unterzeichnet|unterzeichnete|unterzeichneten|unterschrieben|firmado|firmada|firmados|firmadas|firma|締結|契約締結",
    _S.REVIEW: "prüfung|in prüfung|kartellamt|en revisión|revisión|審査|審査中",
    _S.COMPLETED: "abgeschlossen|abgeschlossene|abgeschlossenen|vollzogen|completado|completada|completadas|completados|cerrada|完了",
    _S.TERMINATED: "abgebrochen|abgebrochene|abgebrochenen|beendet|beendete|beendeten|gescheitert|gescheiterte|gescheiterten|geplatzt|geplatzte|geplatzten|"
    "cancelado|cancelada|cancelados|canceladas|terminado|terminada|terminados|terminadas|fracasó|rota|打ち切り|破談|中止|撤回",
    _S.LAPSED: "ausgelaufen|verfallen|caducado|caducada|失効",
}
DISPUTED_WORDS = "umstritten|dementiert|dementi|en disputa|desmentido|desmentida|desmiente|否定"
OPEN_WORDS = "laufend|laufende|laufenden|offen|offene|en curso|abierta|abiertas|進行中"
#: Words that say that deals are meant, of whatever kind.
DEAL_WORDS = "geschäft geschäfte acuerdo acuerdos contrato contratos operación operaciones 取引"
#: Words that people put around what they mean, as in :data:`bot.query.query_parser.STOPWORDS`.
STOPWORDS = (
    "dem den des ein eine einer zwischen gegen zu zum zur vom bei für über im auf aus ist sind war steht stand was wer wann wo"
    " wie warum gibt es neues neue neuigkeiten nachrichten aktuell aktuelle bitte zeig zeige firma firmen unternehmen el los las un"
    " una del al en por para sobre entre que qué como cómo esta está están cual cuál cuando cuándo donde dónde hay noticias"
    " novedades última últimas empresa empresas por favor の と は が を に で や について 最新 ニュース 教えて"
)
#: What stands around a word in Japanese, without a blank: particles, and what a question ends in.
JAPANESE_PARTICLES = re.compile(
    "(?:どうなった|どうなって|どうなる|どうして|なぜ|いつ|どこ|だれ|何|ですか|ました|ません|ます|です|した|して|する|いる|いた|された|される"
    "|について|とは|から|まで|より|ある|ない|か|の|は|が|を|に|で|と|も|へ|や)+"
)
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "januar jänner enero",
            "februar febrero",
            "märz maerz marzo",
            "april abril",
            "mai mayo",
            "juni junio",
            "juli julio",
            "august agosto",
            "september septiembre setiembre",
            "oktober octubre",
            "november noviembre",
            "dezember diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
#: As CLDR shortens them, which is how the bot writes them: ``10. Dez. 2024``, ``10 ene 2024``.
MONTHS |= get_month_abbreviations("de") | get_month_abbreviations("es")
#: Quarters and halves of a year, the last so many of something, and since when: with groups as in :mod:`bot.query.date_ranges`.
QUARTER_PATTERNS = (
    r"\b(?P<part>[1-4])\.?\s*(?:er\.?\s*|º\s*)?(?:quartal|trimestre)\s*(?:de\s+)?(?P<year>(?:19|20)\d\d)?\b",
    r"\btrimestre\s+(?P<part>[1-4])\s*(?:de\s+)?(?P<year>(?:19|20)\d\d)?\b",
    r"(?:(?P<year>(?:19|20)\d\d)\s*年\s*)?第\s*(?P<part>[1-4])\s*四半期",
)
HALF_YEAR_PATTERNS = (
    r"\b(?P<part>[12])\.?\s*(?:halbjahr|semestre)\s*(?:de\s+)?(?P<year>(?:19|20)\d\d)\b",
    r"\bsemestre\s+(?P<part>[12])\s*(?:de\s+)?(?P<year>(?:19|20)\d\d)\b",
    r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<part>上|下|第1|第2)半期",
)
TIME_UNITS = {
    "tage": "day", "tagen": "day", "wochen": "week", "monate": "month", "monaten": "month", "jahre": "year", "jahren": "year",
    "días": "day", "dias": "day", "semanas": "week", "meses": "month", "años": "year",
    "日": "day", "週": "week", "か月": "month", "ヶ月": "month", "カ月": "month", "年": "year",
}  # fmt: skip
_UNIT = "|".join(sorted(TIME_UNITS, key=len, reverse=True))
LAST_PERIOD_PATTERNS = (
    rf"\b(?:letzten?|vergangenen?|últim[oa]s|ultim[oa]s)\s+(?P<count>\d{{1,3}})\s+(?P<unit>{_UNIT})\b",
    rf"(?:過去|直近|ここ)\s*(?P<count>\d{{1,3}})\s*(?P<unit>{_UNIT})間?",
)
SINCE_PATTERN = r"(?P<year>(?:19|20)\d\d)\s*年\s*(?:(?P<month>\d\d?)\s*月\s*)?(?:から|以降|以来)"
#: Times that count from today: how they are typed, what they span, and how many of these back.
RELATIVE_PATTERNS: tuple[tuple[str, str, int], ...] = (
    (r"\b(?:diese[rn]?|esta)\s+(?:woche|semana)\b|今週", "week", 0),
    (r"\b(?:letzte[rn]?|vorige[rn]?)\s+woche\b|\bsemana\s+pasada\b|先週", "week", 1),
    (r"\bdiese[rmns]?\s+monat\b|\beste\s+mes\b|今月", "month", 0),
    (r"\b(?:letzte[rmns]?|vorige[rmns]?)\s+monat\b|\bmes\s+pasado\b|先月", "month", 1),
    (r"\bdiese[smn]?\s+quartal\b|\beste\s+trimestre\b|今四半期", "quarter", 0),
    (r"\b(?:letzte[smn]?|vorige[smn]?)\s+quartal\b|\btrimestre\s+pasado\b|前四半期", "quarter", 1),
    (r"\bdiese[smn]?\s+jahr\b|\beste\s+año\b|今年", "year", 0),
    (r"\b(?:letzte[smn]?|vorige[smn]?)\s+jahr\b|\baño\s+pasado\b|昨年|去年", "year", 1),
)
SINCE_WORDS = "seit|desde"
TODAY_PATTERN, YESTERDAY_PATTERN = r"\b(?:heute|hoy)\b|今日", r"\b(?:gestern|ayer)\b|昨日"
#: What stands before a time and belongs to it.
DATE_PREPOSITIONS = "im|seit|ab|el|en|de|del|desde|la"
