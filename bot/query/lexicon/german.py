"""German words of questions."""

from __future__ import annotations

from bot.model.vocabulary import Kind, Stage
from bot.query.lexicon.base import Lexicon, any_of

_YEAR = r"(?P<year>(?:19|20)\d\d)"
#: With CLDR's short names, which the bot writes: 10. Dez. 2024.
_MONTHS = (
    "januar jänner jan",
    "februar feb",
    "märz maerz",
    "april apr",
    "mai",
    "juni",
    "juli",
    "august aug",
    "september sept",
    "oktober okt",
    "november nov",
    "dezember dez",
)
_TIME_UNITS = {
    "tage": "day",
    "tagen": "day",
    "wochen": "week",
    "monate": "month",
    "monaten": "month",
    "jahre": "year",
    "jahren": "year",
}
_FACET_WORDS: dict[Kind | Stage, str] = {
    Kind.MERGER: "fusionen|fusioniert|fusionieren|zusammenschluss",
    Kind.ACQUISITION: "übernahme|übernahmen|übernimmt|übernehmen|kauf|kauft|gekauft|verkauf|verkauft",
    Kind.STAKE: "beteiligung|beteiligungen|anteil|anteile",
    Kind.JOINT_VENTURE: "gemeinschaftsunternehmen",
    Kind.ALLIANCE: "allianz|allianzen|partnerschaft|partnerschaften|kooperation",
    Kind.SUPPLY: "lieferung|lieferungen|liefervertrag|lieferant|lieferanten|zulieferer",
    Kind.CONTRACT_MANUFACTURING: "auftragsfertigung",
    Kind.LICENSING: "lizenz|lizenzen",
    Kind.FINANCING: "finanzierung|finanzierungen|kredit",
    Kind.PRODUCT: "produkt|produkte|produkteinführung",
    Kind.PLANT: "werk|werke|fabrik|fabriken",
    Kind.POLICY: "politik|gesetz|zölle|regulierung",
    Kind.PEOPLE: "personalie|personalien|personen|chefwechsel|stellenabbau",
    Kind.RESULTS: "ergebnis|ergebnisse|gewinn|umsatz|quartalszahlen",
    Kind.EVENT: "veranstaltung|veranstaltungen|messe",
    Stage.RUMOURED: "gerücht|gerüchte",
    Stage.TALKS: "gespräch|gespräche|verhandlung|verhandlungen|in gesprächen|verhandelt",
    Stage.AGREED: "vereinbart|vereinbarung|einigung|absichtserklärung",
    Stage.SIGNED: "unterzeichnet|unterzeichnete|unterzeichneten|unterschrieben",
    Stage.REVIEW: "prüfung|in prüfung|kartellamt",
    Stage.COMPLETED: "abgeschlossen|abgeschlossene|abgeschlossenen|vollzogen",
    Stage.TERMINATED: "abgebrochen|abgebrochene|abgebrochenen|beendet|beendete|beendeten|gescheitert|gescheiterte|gescheiterten|geplatzt|geplatzte|geplatzten",
    Stage.LAPSED: "ausgelaufen|verfallen",
}
_PLAIN_VOWELS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _with_plain_vowels(phrases: str) -> str:
    """Return phrases with those added that are typed without umlauts: ``uebernahme``."""
    return f"{phrases}|{phrases.translate(_PLAIN_VOWELS)}"


GERMAN = Lexicon(
    code="de",
    facet_words={facet: _with_plain_vowels(phrases) for facet, phrases in _FACET_WORDS.items()},
    disputed_words="umstritten|dementiert|dementi",
    open_words="laufend|laufende|laufenden|offen|offene",
    deal_words="geschäft geschäfte",
    stopwords="und mit von der die das dem den des ein eine einer zwischen gegen zu zum zur vom bei für über im auf aus ist sind"
    " war steht stand was wer wann wo wie warum gibt es neues neue neuigkeiten nachrichten aktuell aktuelle bitte zeig zeige"
    " firma firmen unternehmen",
    exclusion_words="außer|ausser",
    company_exclusion_words="ohne",
    months=_MONTHS,
    time_units=_TIME_UNITS,
    last_period_patterns=(rf"\b(?:letzten?|vergangenen?)\s+(?P<count>\d{{1,3}})\s+(?P<unit>{any_of(_TIME_UNITS)})\b",),
    quarter_patterns=(rf"\b(?P<part>[1-4])\.?\s*quartal\s*{_YEAR}?\b",),
    half_year_patterns=(rf"\b(?P<part>[12])\.?\s*halbjahr\s*{_YEAR}\b",),
    since_words="seit",
    relative_ranges=(
        (r"\bdiese[rn]?\s+woche\b", "week", 0),
        (r"\b(?:letzte[rn]?|vorige[rn]?)\s+woche\b", "week", 1),
        (r"\bdiese[rmns]?\s+monat\b", "month", 0),
        (r"\b(?:letzte[rmns]?|vorige[rmns]?)\s+monat\b", "month", 1),
        (r"\bdiese[smn]?\s+quartal\b", "quarter", 0),
        (r"\b(?:letzte[smn]?|vorige[smn]?)\s+quartal\b", "quarter", 1),
        (r"\bdiese[smn]?\s+jahr\b", "year", 0),
        (r"\b(?:letzte[smn]?|vorige[smn]?)\s+jahr\b", "year", 1),
    ),
    today=r"\bheute\b",
    yesterday=r"\bgestern\b",
    month_prepositions="im",
    date_prepositions="im|seit|ab",
)
