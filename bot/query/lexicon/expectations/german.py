"""How German articles say what is expected, and when."""

from __future__ import annotations

from bot.model.proposals import ExpectedKind
from bot.query.lexicon.expectations.base import ExpectationPhrases

_MONTHS = (
    "januar jan", "februar feb", "märz", "april apr", "mai", "juni", "juli", "august aug", "september sept", "oktober okt", "november nov", "dezember dez",
)  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(name for row in _MONTHS for name in row.split())})(?:(?<=\b\w{{3}})\.|(?<=\bsept)\.)?"
_PREFIX = r"(?:(?:(?P<by>bis(?:\sspätestens)?(?:\szu[mr])?|spätestens(?:\s(?:bis|im|am|ende))?|noch\svor(?=\s(?:jahres)?ende))|(?P<before>vor(?:\sdem)?|noch\svor)|im|am|in|(?P<since>ab)|zum|zur|auf|für|gegen|noch|voraussichtlich|während)\s)"
_YEAR = r"(?P<year>20\d\d)"
_OF_YEAR = (
    rf"(?:\s(?:des\sjahres\s)?(?:{_YEAR}|(?P<this>(?:dieses|des)\sjahres)|(?P<next>(?:nächsten|kommenden)\sjahres)))?"
)
_PART = r"(?:(?P<end>(?:zum\s|dem\s)?ende\s(?:des\s)?)|(?P<vague>(?:anfang|mitte|spät|früh|frühjahr|sommer|herbst|winter)\s(?:des\s)?))"

_NUMBERS = {
    **{ f"{word}{end}": number for number, word in enumerate(("erste", "zweite", "dritte", "vierte"), start=1) for end in ("", "n", "s") },
    **{f"{number}.": number for number in range(1, 5)}, "zwei": 2, "drei": 3, "vier": 4, "sechs": 6, "neun": 9, "zwölf": 12,
}  # fmt: skip

GERMAN_EXPECTATIONS = ExpectationPhrases(
    nouns={
        "DEAL": r"(\S{0,30}(übernahme|fusion|deal|verkauf|kauf|transaktion|geschäft|zusammenschluss|beteiligung|zukauf|einstieg|verkaufs|verkaufes|transaktionen)|er|es|sie|das)",
        "DONE": r"(abgeschlossen|vollzogen|besiegelt|beendet|durch|unter dach und fach|über die bühne gehen|abschließen|vollziehen|abzuschließen|zu vollziehen|erfolgen|über die bühne)",
        "START": r"(anlaufen|starten|beginnen|in betrieb gehen|auf den markt kommen|eröffnet|eröffnen|aufnehmen|hochfahren|auf den markt bringen|in produktion gehen|startet|beginnt|ausgeliefert werden|losgehen|vorstellen|produzieren|bauen|liefern|fertigen|in serie gehen)",
        "THING": r"(\S{0,30}(produktion|fertigung|auslieferung|auslieferungen|lieferungen|betrieb|werk|fabrik|bau|serienproduktion|markteinführung|verkaufsstart|produktionsstart|start))",
    },
    events={
        ExpectedKind.CLOSING: r"""
            (soll|sollen|wird|werden|will|wollen|dürfte) (… )?TARGET (\S+ ){0,4}?DONE
            (rechnet|rechnen|erwartet|erwarten|plant|planen|peilt|peilen) (… )?(abschluss|vollzug|closing) (… )?TARGET
            (rechnet|rechnen|erwartet|erwarten|plant|planen|peilt|peilen) (… )?TARGET (… )?(abschluss|vollzug|closing)
            (schließt|schließen) (… )?TARGET ab
            (abschluss|vollzug|closing) (… )?TARGET (\S+ ){0,3}?(erwartet|geplant|vorgesehen|angestrebt|anvisiert|rechnen|erfolgen)
            (abschluss|vollzug|closing) (… )?(wird|ist|soll) (… )?TARGET
        """,
        ExpectedKind.SIGNING: r"""
            (soll|sollen|wird|werden|will|wollen) (… )?TARGET (\S+ ){0,4}?(unterzeichnet|unterschrieben|unterzeichnen|unterschreiben)
            unterzeichnung (… )?TARGET (\S+ ){0,3}?(erwartet|geplant|vorgesehen)
        """,
        ExpectedKind.DECISION: r"""
            (entscheidet|entscheiden|urteilt|stimmt|stimmen) (… )?TARGET (\S+ ){0,6}?(über|ab)
            (entscheidet|entscheiden|urteilt) (… )?TARGET
            (will|wollen|soll|sollen|wird|werden) (… )?TARGET (\S+ ){0,6}?(entscheiden|abstimmen|urteilen)
            (entscheidung|urteil|abstimmung|beschluss) (… )?TARGET (\S+ ){0,3}?(erwartet|geplant|fallen)
            (entscheidung|urteil) (… )?(soll|wird) (… )?TARGET
            hauptversammlung TARGET
        """,
        ExpectedKind.LAUNCH: r"""
            (soll|sollen|wird|werden|will|wollen) (… )?TARGET (\S+ ){0,6}?START
            (geht|gehen) TARGET (in betrieb|in serie|an den start|ans netz|in produktion)
            (startet|starten|beginnt|eröffnet|bringt) (… )?TARGET
            THING (… )?TARGET (\S+ ){0,3}?(START|erwartet|geplant)
            (baut|bauen|liefert|liefern|produziert|fertigt|beliefert) (… )?MARKED
        """,
    },
    others=r"""
        (nicht|kein\w{0,2}|kaum|könnten?|dürfte|womöglich|möglicherweise) … TARGET
        TARGET … (nicht|könnte|könnten)
        (schließt|schließen) (\S+ ){0,3}\S{0,30}(werk|werke|fabrik|standort|standorte|filialen|sparte|mine) (\S+ ){0,5}TARGET
        (stilllegt|dicht|einstellen|auslaufen) … TARGET
        TARGET (\S+ ){0,6}(schließen|geschlossen|stillgelegt|stilllegen|eingestellt|auslaufen|einstellen|enden)
        (werk|fabrik|standort) (\S+ ){0,6}TARGET (\S+ ){0,3}(abgeschlossen|schließen)
        (umsatz|gewinn|absatz|verlust|anleihe|kredit) (\S+ ){0,6}TARGET
        wurde (\S+ ){0,4}TARGET
    """,
    dates=(
        rf"{_PREFIX}?(?:das\s|dem\s)?(?P<end>ende\s(?:des\s)?)?(?P<half>erste[ns]?|zweite[ns]?|1\.|2\.)\s?(?:halbjahr(?:e?s)?|jahreshälfte){_OF_YEAR}",
        rf"{_PREFIX}?(?:der\s)?(?P<half>ersten|zweiten)\s(?:jahreshälfte|hälfte){_OF_YEAR}",
        rf"{_PREFIX}?(?:das\s|dem\s)?(?P<end>ende\s(?:des\s)?)?(?P<quarter>erste[ns]?|zweite[ns]?|dritte[ns]?|vierte[ns]?|[1-4]\.)\s?(?:quartal(?:s)?|jahresviertel){_OF_YEAR}",
        rf"{_PREFIX}?q(?P<quarter>[1-4])(?:\s{_YEAR})?",
        rf"{_PREFIX}?(?:dem\s|den\s)?(?P<day>[0-3]?\d)\.\s{_MONTH}(?:\s{_YEAR})?",
        rf"{_PREFIX}?(?P<end>jahresende)(?:\s{_YEAR})?",
        rf"{_PREFIX}?{_PART}{_MONTH}{_OF_YEAR}",
        rf"{_PREFIX}{_MONTH}{_OF_YEAR}",
        rf"{_PREFIX}?{_PART}(?:{_YEAR}|(?P<this>(?:dieses\s)?jahres)|(?P<next>(?:nächsten|kommenden)\sjahres))",
        r"(?:(?:im|noch\sim)\slaufe\s(?:des\sjahres|(?P<year>20\d\d))|(?:noch\s)?(?P<this>in\sdiesem\sjahr|dieses\sjahr)|(?P<next>(?:im\s)?(?:nächsten|kommenden|nächstes|kommendes)\sjahr))",
        r"(?:im\s)?(?P<next>(?:nächsten|kommenden)\s(?P<period>monat|quartal))",
        rf"{_PREFIX}?{_YEAR}",
        r"(?P<by>innerhalb\svon|binnen)\s(?P<count>\d{1,2}|zwei|drei|vier|sechs|neun|zwölf)\smonaten",
    ),
    numbers=_NUMBERS,
    months=_MONTHS,
    fiscal=r"geschäftsjahr\w{0,3}|fiskaljahr\w{0,3}|bilanzjahr\w{0,3}",
    uncertain="frühestens|nach|seit|nicht vor|erst nach",
    gap_limits="dass weil aber wenn nachdem während obwohl sagt",
    noun_phrase_limits="mit auf in für als zu nach von aus bei und",
)
