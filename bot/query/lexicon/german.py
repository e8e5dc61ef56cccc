"""German words of questions."""

from __future__ import annotations

from bot.model.vocabulary import Claim, Kind, Stage
from bot.query.lexicon.base import Lexicon, QuestionKind, any_of
from bot.query.lexicon.expectations import GERMAN_EXPECTATIONS
from bot.query.lexicon.statements import GERMAN_STATEMENTS
from bot.query.lexicon.terms import GERMAN_TERMS

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
    Kind.ACQUISITION: "übernahme|übernahmen|übernimmt|übernehmen|übernommen|übernahm|kauf|käufe|kaufen|kauft|kaufte|gekauft|verkauf|verkäufe|verkaufen|verkauft|verkaufte",
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
    Stage.COMPLETED: "abgeschlossen|abgeschlossene|abgeschlossenen|abgeschlossener|vollzogen|vollzogene|vollzogenen|abschluss",
    Stage.TERMINATED: "abgebrochen|abgebrochene|abgebrochenen|beendet|beendete|beendeten|gescheitert|gescheiterte|gescheiterten|scheiterte|scheitern|platzte|geplatzt|geplatzte|geplatzten",
    Stage.LAPSED: "ausgelaufen|verfallen",
}
_PLAIN_VOWELS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _with_plain_vowels(phrases: str) -> str:
    """Return phrases with those added that are typed without umlauts: ``uebernahme``."""
    return f"{phrases}|{phrases.translate(_PLAIN_VOWELS)}"


# For the patterns of questions, on folded text: without umlauts, or as people type them.
_CLOSE = r"(?:abgeschlossen|abschliess(?:t|en)|schliess(?:t|en)|vollzogen|abschluss|vollzug|durch$|unter dach und fach|zustande)"
_TAKE_OVER = r"u(?:e)?ber(?:nommen|nimmt|nehmen|nahm)"
_BUY = rf"(?:{_TAKE_OVER}|gekauft|kauf(?:t|te|en)|erw(?:orben|irbt|erben)|fusionier(?:t|en|te|ten)|verkauft|verkaufen|investiert|beteiligt)"
_END = (
    r"(?:gescheitert|scheiter(?:t|te|ten|n)|geplatzt|platzt(?:e|en)?|abgebrochen|abgesagt|abgeblasen|beendet|gestoppt|blockiert|untersagt|verboten"
    r"|verhindert|aufgegeben|zuru(?:e)?ckgezogen|vom tisch|tot|vorbei|nichts geworden|nichts wurde|nicht (?:zustande|geklappt))"
)
_LEAD = r"^(?:(?!(?:we[rnms]|wessen|was|wie\w*|wann|warum|wo\w*)\b)\w+ ){0,2}?"

GERMAN = Lexicon(
    code="de",
    facet_words={facet: _with_plain_vowels(phrases) for facet, phrases in _FACET_WORDS.items()},
    disputed_words="umstritten|dementiert|dementi",
    open_words="laufend|laufende|laufenden|offen|offene",
    ended_words="blockiert|blockierte|blockierten|untersagt|untersagte|untersagten|verboten",
    claim_words={
        Claim.CONFIRMED: "bestätigt bestätigte bestätigten",
        Claim.REPORTED: "berichtet berichtete gemeldet gemeldete",
        Claim.DENIED: "dementiert dementierte dementierten dementi dementis",
    },
    deal_words="geschäft geschäfte transaktion transaktionen vorhaben",
    news_words="neues neuigkeiten nachrichten meldungen passiert geschehen geändert",
    several_words="geschäfte|transaktionen|übernahmen|fusionen|käufe|verkäufe|beteiligungen"
    "|allianzen|partnerschaften|gerüchte|meldungen",
    largest_words="größte|größten|größter|teuerste|teuersten|wertvollste|wertvollsten",
    topic_words={
        "lawsuit": "klage klagen klagt klagte verklagt",
        "hydrogen": "wasserstoff",
        "engine": "motor motoren",
        "battery": "batterie batterien akku akkus",
        "chip": "halbleiter",
        "airline": "fluggesellschaft fluggesellschaften",
        "aircraft": "flugzeug flugzeuge",
        "court": "gericht gerichte richter",
        "workers": "mitarbeiter arbeitnehmer beschäftigte",
    },
    stopwords="und mit von der die das dem den des ein eine einer zwischen gegen zu zum zur vom bei für über im auf aus ist sind"
    " war steht stand was wer wann wo wie warum gibt es neues neue neuigkeiten nachrichten aktuell aktuelle bitte zeig"
    " zeige firma firmen unternehmen einem einen eines kein keine keinen keiner am an ab als auch noch schon nicht nur"
    " denn doch dann da hat habe haben hatte hatten wird werde werden wurde wurden worden sein seine seinen seiner ihr"
    " ihre ihren sich er sie wir ich du man mir mich dir dich uns euch ihnen ihm ihn welche welcher welches welchen"
    " welchem wen wem wessen wieso weshalb wohin woher womit wofür worum wieviel viel viele vielen alle alles allen jede"
    " jeder jedes jeden mehr meisten sehr so ob dass weil oder aber durch nach vor bis seit um unter ohne außer jetzt nun"
    " mal eigentlich überhaupt wirklich derzeit gerade zuletzt letzte letzten los passiert geschehen geändert geht gehts ging kam"
    " kommt bekannt sagen sagt mein meine dein deine kann können könnte soll sollen sollte muss müssen will wollen möchte"
    " möchten darf nenn nenne gib gebe sag sage weiß wissen kostet kostete gekostet zahlt zahlte zahlen gezahlt bezahlt bezahlen läuft genau vielleicht hallo danke ja immer weiterhin"
    " nein",
    request_words=r"(?:bitte\s+)?(?:zeig|zeige|zeigt|liste|nenn|nenne|gib|such|suche)",
    over_words=r"über|ueber|mehr\s+als|mindestens|ab",
    under_words=r"unter|weniger\s+als|höchstens|bis\s+zu",
    between_words="zwischen",
    conjunctions=r"und|oder|noch|sowie",
    exclusion_words="außer|ausser",
    company_exclusion_words="ohne",
    months=_MONTHS,
    time_units=_TIME_UNITS,
    last_period_patterns=(rf"\b(?:letzten?|vergangenen?)\s+(?P<count>\d{{1,3}})\s+(?P<unit>{any_of(_TIME_UNITS)})\b",),
    quarter_patterns=(rf"\b(?P<part>[1-4])\.?\s*quartal\s*{_YEAR}?\b",),
    half_year_patterns=(rf"\b(?P<part>[12]|(?:erste|zweite)[ns]?)\.?\s*halbjahr\s*{_YEAR}\b",),
    half_year_numbers={f"{word}{end}": half for half, word in ((1, "erste"), (2, "zweite")) for end in ("", "n", "s")},
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
    question_patterns={
        QuestionKind.CLOSING_DATE: rf"\b(?:wann|bis wann)\b.*\b(?:{_CLOSE}|{_BUY})\b",
        QuestionKind.REASON: rf"\b(?:warum|wieso|weshalb|woran|grund)\b.*\b{_END}\b|\b{_END}\b.*\b(?:warum|wieso|weshalb)\b",
        QuestionKind.PRICE_PER_SHARE: r"\b(?:je|pro) aktie\b",
        QuestionKind.STAKE: r"\bwie ?viele? (?:prozent|anteile?|von)\b|\bwie (?:hoch|gross) (?:ist|war|wird) (?:der|die|sein|ihr|seine|ihre) (?:anteil|beteiligung)\b"
        r"|\bwelche[nr]? anteil\b",
        QuestionKind.AMOUNT: r"\b(?:wie ?viel|was)\b.*\b(?:kostet|kostete|gekostet|kosten|zahlt|zahlte|zahlen|gezahlt|bezahlt|bezahlen|wert|bietet|geboten|investiert)\b"
        r"|\bfu(?:e)?r wie ?viel\b|\bwie teuer\b|\bwie hoch (?:ist|war|wird) (?:der|die) (?:\w*preis|\w*summe|\w*wert)\b|\bwelche[nm]? (?:\w*preis|\w*summe)\b",
        QuestionKind.BUYER: rf"\bwer (?!(?:wird|wurde)\b.*\bvon\b)(?:\w+ ){{0,8}}?(?:{_TAKE_OVER}|gekauft|kauf(?:t|te|en)|erw(?:orben|irbt|erben)|ka(?:e)?ufer)\b",
        QuestionKind.STILL_ON: rf"{_LEAD}(?:ist|sind|war|wurde|wurden|wird|hat|haben)\b.*\b{_END}\b|\bnoch (?:aktuell|offen|geplant|im gange?|am leben|auf dem tisch)\b"
        rf"|\b(?:la(?:e)?uft|gilt|kommt|steht|lebt|will|{_BUY})\b.*\bnoch\b|^(?:kauft|u(?:e)?bernimmt|fusionier(?:t|en))\b|\bwann\b.*\b{_END}\b",
        QuestionKind.CLOSED: rf"{_LEAD}(?:hat|haben|ist|sind|war|wurde|wurden|wird|kam|kommt)\b.*\b(?:{_CLOSE}|{_BUY})(?:\b|$)",
    },
    reason_words=r"wegen|weil|aufgrund|auf grund|infolge|mangels|begru(?:e)?nde(?:t|te|ten)|grund (?:ist|war|sei)",
    no_reason_words=r"ohne (?:angabe|begru(?:e)?ndung|gru(?:e)?nde)|kein\w* (?:grund|gru(?:e)?nde|begru(?:e)?ndung|angaben)|nicht (?:wegen|weil|aufgrund)|dementier\w*|bestreite\w*",
    per_share_words=r"(?:je|pro) (?:stamm|vorzugs)?aktie",
    statements=GERMAN_STATEMENTS,
    terms=GERMAN_TERMS,
    expectations=GERMAN_EXPECTATIONS,
)
