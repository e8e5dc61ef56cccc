"""German words of headlines."""

from __future__ import annotations

from bot.entities.lexicon.base import HeadlineLexicon

GERMAN = HeadlineLexicon(
    code="de",
    verbs="""
        akzeptiert arbeitet baut beantragt bekommt beendet beginnt bekennt belastet beliefert benennt beruft
        beschleunigt bestellt bestreitet beteiligt bezahlt bittet bleibt braucht bremst bricht bündelt bestätigt bietet
        bringt darf dementiert droht drosselt einigt entlässt entscheidet entwickelt erhält erhöht erlaubt erleidet
        ernennt eröffnet erreicht ersetzt erteilt erwägt erwartet erweitert erwirbt erzielt fährt fällt feiert fertigt
        feuert findet fordert forscht führt fusioniert geht gelingt gerät gewinnt gibt gliedert gründet hält halbiert
        hat hebt hofft holt investiert kämpft kann kappt kassiert kehrt klagt kommt kooperiert kürzt kauft kündigt
        lagert lässt legt leidet leiht liefert lockt lobt lehnt macht meldet mietet muss nennt nimmt nutzt öffnet opfert
        organisiert plant präsentiert produziert profitiert prüft räumt reagiert rechnet reduziert rückt ruft rüstet
        rutscht sagt schafft scheitert schickt schiebt schließt schliesst schlägt schluckt schnappt schreibt schrumpft
        senkt setzt sichert sieht soll spaltet spart sperrt spürt stärkt startet steckt stellt steht steigert steigt
        steuert stimmt stockt stoppt stößt streicht streikt streitet stürzt sucht stutzt tauscht teilt testet tritt
        trennt trotzt übergibt überholt überlegt überprüft übernimmt überrascht übertrifft umwirbt unterbricht
        unterliegt unterzeichnet verabschiedet verbietet verbucht verdient verdoppelt verdreifacht vereinbart verfehlt
        vergibt verhandelt verhängt verkauft verklagt verkleinert verkündet verlagert verlangt verlängert verlässt
        verliert vermeldet veröffentlicht verpasst verringert verschärft verschiebt versucht verspricht verteidigt
        verteuert vertagt verweigert verzichtet verzeichnet wächst wagt warnt wartet wechselt wehrt weist weitet wendet
        will wirbt wirft wird zahlt zeigt zieht zögert zweifelt
        """,
    conjunctions="und oder sowie",
    function_words="""
        der das und ein eine einen einem einer für mit auf aus bei von vom zum zur ist nicht neu neue neuer neues neuen
        nach vor über ab im beim wegen gegen durch sich wird werden hat sind kein keine auch noch mehr weniger bis
        """,
    compound_nouns="""
        aktie aktien aktionäre anleger aufseher aufsichtsrat autos belegschaft betriebsrat betriebsräte boss chef chefin
        chefs eigner fabrik fabriken filiale filialen finanzchef gewinn gruppe händler investor kunden konzern lieferant
        management manager marke mitarbeiter mutter partner personalie personalchef rivale rückruf produktion software
        sparte spitze standort standorte tochter transaktion umsatz vertrag vorstand werk werke werker zentrale
        zulieferer
        """,
    other_terms="""
        daimler truck|delta der donau|donau delta|donaudelta|goldenes visum|mini job|mini jobs|mini jobber
        |orange warnstufe|orange alarm|smart home|smart wohnen|smart meter|visa für|visa fur|visa zwang|visa pflicht
        |visa vergabe|visa regeln|block im
        """,
)
