"""How German headlines and sentences state the stage of a deal, and who stands behind it."""

from __future__ import annotations

from bot.model.vocabulary import Stage
from bot.query.lexicon.statements.base import Statements

GERMAN_STATEMENTS = Statements(
    nouns={
        "DEAL": r"[\w-]{0,40}(übernahme|übernahmeangebot|fusion|verkauf|kauf|beteiligung|einstieg|zusammenschluss|kooperation|partnerschaft|allianz"
        r"|gemeinschaftsunternehmen|joint venture|joint-venture|deal|vertrag|abkommen|vereinbarung|angebot|offerte|gebot|gespräche|gesprächen|verhandlungen"
        r"|abspaltung|zukauf|anteile?|auftrag|zusammenarbeit|transaktion|börsengang|ausstieg|pläne)(s|es|n|en)?",
        "ASSET": r"[\w-]{0,40}(sparte|tochter|anteile?|beteiligung|geschäft|werk|marke|einheit|firma|unternehmen|start-?up|hersteller|bereich|division|konzern)(s|n|en)?",
        "AUTHORITY": r"(\w{0,20}kartellamt|kartellwächter|kartellbehörden?|eu-kommission|kommission|brüssel|eu|wettbewerbs(hüter|behörden?)|behörden?|aufsicht|regulierer"
        r"|aktionäre|hauptversammlung|bundesregierung|regierung|ftc|cma|cfius|wirtschaftsministerium|gericht)",
    },
    stages=(
        (
            None,
            r"""
            \w{0,20}tarif\w{0,20}
            ig metall
            eigene (aktien|anteile)
            aktienrückkauf\w{0,3}
            betriebsrat
            gewerkschaft(en)?
            übernimmt … (führung|leitung|vorsitz|chefposten|verantwortung|amt|posten|kosten)
            """,
        ),
        (
            Stage.REVIEW,
            r"""
            (kippt|bestätigt|hebt) … (verbot|veto) … DEAL
            """,
        ),
        (
            Stage.TERMINATED,
            r"""
            (beend(et|en)|stopp(t|en)|kündig(t|en)|storniert|begräbt|begraben|verzicht(et|en) auf) … DEAL
            (brech(en|t)|bricht|blas(en|t)|bläst|sag(en|t)) … DEAL … ab
            (zieh(t|en)) … DEAL … zurück
            (läss(t|en)|lassen) … DEAL … (platzen|fallen|scheitern)
            (geb(en)?|gibt) … DEAL … auf
            (legt|legen) … DEAL … auf eis
            steig(t|en) … aus … DEAL … aus
            DEAL … (geplatzt|platzt|platzen|gescheitert|scheitert|scheitern|abgesagt|abgebrochen|abgeblasen|beendet|vom tisch|aufgelöst|ist tot)
            (aus für|ende (für|der|des)) … DEAL
            gehen getrennte wege
            (lös(t|en)) … (DEAL) … auf
            """,
        ),
        (
            Stage.LAPSED,
            r"""
            DEAL … (läuft aus|laufen aus|ausgelaufen|abgelaufen|verfällt|verfallen|erlischt|erloschen)
            DEAL … (verfehlt|verpasst) … (annahme\w{0,12}|mindest\w{0,20}|schwelle)
            (annahme|mindestannahme)\w{0,12} verfehlt
            """,
        ),
        (
            Stage.COMPLETED,
            r"""
            schließ(t|en) … DEAL … ab
            (vollzieh(t|en)|finalisier(t|en)|vollendet) … DEAL
            DEAL (?!(\S+ ){0,4}(wird|werden|soll|sollen|dürfte|dürften|könnte|könnten|kann|können|muss|müssen) )… (abgeschlossen|vollzogen|vollendet|rechtskräftig|wirksam)(?! (werden|wird|würde|sein|haben)\b)
            gehört (jetzt|nun|ab sofort)
            übernimmt … (vollständige )?kontrolle (über|bei)
            """,
        ),
        (
            Stage.REVIEW,
            r"""
            AUTHORITY … (prüf(t|en)|genehmig(t|en)|erlaub(t|en)|billig(t|en)|untersuch(t|en)|untersagt|wink(t|en)|nimmt … unter die lupe|hat bedenken|gestattet|gibt frei|verlängert) … DEAL
            AUTHORITY … (gib(t)?|geben) … (grünes licht|freigabe|zustimmung) … DEAL
            AUTHORITY … stimm(t|en) … DEAL … zu
            (grünes licht|freigabe|genehmigung|zustimmung) … DEAL
            DEAL … (grünes licht|freigabe|genehmigt|gebilligt|unter auflagen|auf dem prüfstand|in prüfung|wird geprüft|genehmigung|freigegeben)
            (klagt|klagen) gegen … DEAL
            """,
        ),
        (
            Stage.AGREED,
            r"""
            absichtserklärung(en)?
            grundsatz(einigung|vereinbarung)
            (einig|verständig)\w{0,4} sich grundsätzlich
            grundsätzlich(e|en)? (einig|einigung|geeinigt)
            eckpunkte(n)?
            vorvertrag
            vorläufige(n|r)? (einigung|vereinbarung)
            (letter of intent|memorandum of understanding|mou)
            unverbindliche(s|n|r)? (angebot|vereinbarung|einigung)
            """,
        ),
        (
            Stage.SIGNED,
            r"""
            (kauft|kaufen|übernimmt|übernehmen|erwirbt|erwerben|schluckt|schnappt sich|sichert sich|sichern sich|verleibt sich)(?= \S)
            (steig(t|en)) … (bei|in) … ein
            beteilig(t|en) sich … (an|mit)
            (unterschreib|unterschrieb|unterzeichn|besiegel)(t|en|et|eten|ten)? … DEAL
            DEAL … (unterzeichnet|unterschrieben|besiegelt|perfekt|unter dach und fach|fix)
            (schließ(t|en)|vereinbar(t|en)|geh(t|en)) … DEAL
            (erhält|erhalten|gewinnt|gewinnen|bekommt|bekommen|ergattert|holt|zieht … an land|vergibt) … \w{0,20}(auftrag|großauftrag|aufträge|ausschreibung|zuschlag)
            verkauf(t|en) … (ASSET|an \S+)
            trenn(t|en) sich von
            (gib(t)?|geben) … (ASSET|DEAL) … an \S+ … ab
            (gib(t)?|geben) … ASSET … ab
            gründ(et|en) … (gemeinschaftsunternehmen|joint venture|joint-venture)
            (kooperier|verbünd)(t|en|et)\S*(?= \S)
            arbeit(et|en) … zusammen
            (einig|verständig)(t|en) sich auf … DEAL
            fusionier(t|en)(?= \S)
            (schließ|tun)(t|en)? sich … zusammen
            """,
        ),
        (
            Stage.TALKS,
            r"""
            (in|im|führ(t|en)|nimmt|nehmen|setzt|setzen|bestätig(t|en)|wieder) … \w{0,25}(gespräche?n?|verhandlungen)
            verhandel(t|n)(?= (?!nicht)\S)
            (gespräche|verhandlungen) (mit|über|zwischen|laufen|dauern|kommen)
            (kurz vor|steht vor|stehen vor|vor dem abschluss) … DEAL
            (nähern sich|nähert sich) … (DEAL|einigung)
            (feil|ring)(t|en) … (um|an) … (preis|details|DEAL)
            (sprech(en)?|spricht|reden|redet) … über … DEAL
            """,
        ),
        (
            Stage.RUMOURED,
            r"""
            (prüft|prüfen|erwägt|erwägen|überlegt|überlegen|plant|planen|sondiert|sondieren|lotet|loten|liebäugelt|liebäugeln|spielt) … (DEAL|ASSET|optionen|kaufen|verkaufen|aus)
            (denkt|denken|nachgedacht|überlegungen) … (über|zu) … (DEAL|ASSET)
            interess(iert|ieren|e) … (für|an|bei)
            (such(t|en)|auf der suche nach) … (käufern?|partnern?|investor(en)?|abnehmer)
            (stell(t|en)|steht|stehen) … zum verkauf
            (will|wollen|möchte|könnte|könnten|würde|plant|planen|soll|sollen) … (kaufen|verkaufen|übernehmen|einsteigen|fusionieren|loswerden|abstoßen|abgeben)
            (spekulation|gerücht|spekulationen|gerüchte)
            im visier
            (buhl|werb)(t|en) um
            (bieter|interessenten) … (DEAL|ASSET)
            """,
        ),
    ),
    denials=r"""
        dementier(t|en|te|ten)
        dementi
        bestreite[tn]
        weis(t|en) … (berichte?n?|spekulation(en)?|gerüchte?n?|meldung(en)?|medienberichte?) … zurück
        kein(e|en)? (\S+ ){0,2}?(gespräche|verhandlungen|pläne|interesse|absicht|übernahme|verkauf|fusion|angebot)
        schließ(t|en) … (verkauf|fusion|übernahme|einstieg|kauf|zusammenschluss) … aus
        (spricht|sprechen|verhandel(t|n)) nicht
        nicht in (gesprächen|verhandlungen)
        nicht zum verkauf
        (tritt|treten) … (gerüchten|spekulationen|berichten) … entgegen
        (falschmeldung|frei erfunden|nichts dran|haltlos)
        """,
    hearsay=r"""
        laut (?!\S+ mitteilung)\S+
        \w{0,15}kreise[n]?
        insidern?
        \w{0,15}berichten?
        angeblich
        (offenbar|gerüchte)
        """,
    assertions=r"""
        bestätig(t|en)
        kündig(t|en) … an
        (teilt|teilte) … mit
        (gibt|geben|gab) … bekannt
        bekanntgegeben
        """,
    background="nach|nachdem|wegen|trotz",
    function_words="und der die das für mit von über bei ein eine im in zu auf nach an aus den dem",
    cancelling=r"nicht|kein\w{0,3}|könnten?|würden?|will|wollen|möchten?|sollen?|sollte|plant|planen|wenn|falls|droht|drohen|hofft",
)
