"""How German articles name the terms of a deal."""

from __future__ import annotations

from bot.model.terms import TermName
from bot.query.lexicon.terms.base import TermPhrases

_UNITS = {
    "gwh": "GWh", "mwh": "MWh", "twh": "TWh", "gw": "GW", "mw": "MW", "gigawattstunden": "GWh", "megawattstunden": "MWh", "gigawatt": "GW",
    "megawatt": "MW", "fahrzeuge": "vehicles", "autos": "Autos", "elektroautos": "Elektroautos", "e-autos": "E-Autos", "lkw": "Lkw",
    "busse": "Busse", "züge": "Züge", "flugzeuge": "Flugzeuge", "maschinen": "Maschinen", "jets": "Jets", "hubschrauber": "Hubschrauber",
    "schiffe": "Schiffe", "lokomotiven": "Lokomotiven", "windräder": "Windräder", "windturbinen": "Windturbinen", "panzer": "Panzer",
    "tonnen": "tonnes", "barrel": "barrels", "fass": "barrels", "einheiten": "units", "stück": "units", "chips": "Chips",
    "e-achsen": "E-Achsen", "lastwagen": "Lastwagen", "transporter": "Transporter", "batterien": "Batterien", "arbeitsplätze": "jobs",
    "stellen": "jobs", "jobs": "jobs", "mitarbeiter": "jobs",
}  # fmt: skip

GERMAN_TERMS = TermPhrases(
    nouns={
        "DEAL": r"(\S{0,30}(übernahme|fusion|deal|auftrag|vertrag|verkauf|kauf|zukauf|angebot|gebot|offerte|transaktion|beteiligung|order|zusammenschluss))",
        "TRADE": r"(kauf(t|en)|übernimmt|übernehmen|erwirbt|erwerben|verkauf(t|en)|veräußer(t|n)|schnapp(t|en) sich|schluck(t|en)|trenn(t|en) sich|gekauft|verkauft"
        r"|übernommen|erworben|geh(t|en)|sicher(t|n) sich)",
        "MONEYNOUN": r"(\S{0,30}(gewinn|verlust|umsatz|kredit|darlehen|anleihe|strafe|bußgeld|schulden|dividende|fonds|abschreibung|hilfe|subvention|förderung|einsparung"
        r"|börsenwert|schadenersatz|klage|sparprogramm|finanzierung|rückstellung|synergien|kosten|gebühr|steuer|zoll))",
        "INCOME": r"(\S{0,30}(gewinn|gewinne|verlust|verluste|umsatz|umsätze|erlöse?|ergebnis|kredit|darlehen|anleihe|strafe|bußgeld|schulden|dividende|börsenwert|marktwert"
        r"|marktkapitalisierung|abschreibung|abschreibungen|synergien|einsparungen|kosten|schadenersatz|fördermittel|subventionen|rückstellungen)|setzte|setzt|umgesetzt|verdient|verdiente|spart|leiht)",
        "SHARES": r"(\S{0,30}(beteiligung|anteile?n?|anteils|aktien|kapitals|stimmrechte|mehrheit|minderheit)|dem (unternehmen|konzern))",
        "DEALING": r"(kauf(t|en)|übernimmt|übernehmen|erwirbt|erwerben|verkauf(t|en)|veräußer(t|n)|sicher(t|n) sich|stock(t|en)|erhöh(t|en)|senk(t|en)|reduzier(t|en)|hält künftig"
        r"|steigt|trenn(t|en) sich|gib(t|en)|geben|beteiligt sich|beteiligen sich|gibt ab|bekommt|gekauft|übernommen|erworben|verkauft|nimmt|erhält|erhalten|soll halten|wird halten)",
    },
    terms={
        TermName.VALUE: r"""
            TRADE … für (insgesamt |einen preis von )?TARGET
            für TARGET … (TRADE|ab|zu)
            (im|mit einem) (wert|volumen|gesamtwert|auftragswert|transaktionswert) von (insgesamt )?TARGET
            (kaufpreis|preis|unternehmenswert|transaktionswert|auftragswert) (… )?(von|beträgt|bei|auf|betrage|lag|liegt) TARGET
            (kaufpreis|preis) … TARGET
            zahl(t|en) (… )?TARGET
            TARGET-(\S{1,30}-)?DEAL
            TARGET-(\S+ ){0,2}?DEAL
            DEAL … (für|über|von|in höhe von) TARGET
            (angebot|gebot|offerte) … auf TARGET
            (bietet|bieten) TARGET für
        """,
        TermName.INVESTMENT: r"""
            (investier(t|en)|steck(t|en)|pump(t|en)) (… )?(insgesamt |weitere )?TARGET
            TARGET … investieren
            investition(en)? (… )?(von|über|in höhe von) TARGET
            TARGET-investition
        """,
        TermName.PRICE_PER_SHARE: r"""
            (bietet|bieten|zahlt|zahlen|angebot|gebot|offerte|preis|für|auf|von|zu) TARGET
        """,
        TermName.STAKE: r"""
            DEALING … TARGET (\S+ ){0,2}?(an|am|der|von|SHARES)
            DEALING … TARGET-(SHARES|anteil|beteiligung|mehrheit)
            (beteiligung|anteil) … (auf|von) TARGET … (auf|ab|zu|aus|an)
            DEALING … (beteiligung|anteil|mehrheit) … (auf|von) TARGET
            übernahme von TARGET (an|der|am)
        """,
        TermName.VOLUME: r"""
            (bestell(t|en)|order(t|n)|liefer(t|n)|beliefer(t|n)|kauf(t|en)) (… )?TARGET
            \S{0,30}(auftrag|bestellung|order|liefervertrag) (… )?(über|für) TARGET
            TARGET … (bestellt|liefern|bestellen)
        """,
        TermName.CAPACITY: r"""
            kapazität (… )?(von|auf) TARGET
            TARGET (\S+ ){0,2}?kapazität
            auf TARGET … ausgelegt
            MARKED … (bauen|produzieren|fertigen|herstellen)
        """,
        TermName.JOBS: r"""
            (schaff(t|en)|stell(t|en)) … TARGET
            TARGET … (schaffen|einstellen|entstehen|ein)
        """,
    },
    others={
        TermName.VALUE: r"""
            TARGET(-| (?!inkl|einschl))(\S+ ){0,2}?MONEYNOUN
            INCOME … (von|auf|über|bei|um|in höhe von) TARGET
            INCOME (\S+ ){0,3}?TARGET
            TARGET (?!inkl|einschl)… (umsatz|gewinn|verlust|strafe|schulden|dividende|um|wert|kredit|gekauft hatte|übernommen hatte|verdient)
            (das|die|der|den) (\S+ ){0,3}für TARGET (gekauft|übernommen|erworben) hat(te)?
            zahl(t|en) TARGET (\S+ ){0,2}?(strafe|dividende|bußgeld|steuern|schadenersatz|zinsen)
            jahre nach … TARGET
        """,
        TermName.INVESTMENT: r"""
            (kürzt|streicht|stoppt) … TARGET
            TARGET pro jahr
        """,
        TermName.PRICE_PER_SHARE: r"""
            (steigt|steigen|fällt|fallen|klettert|sinkt|notiert|notieren|verliert|gewinnt) … TARGET
            (dividende|gewinn|verlust|ergebnis|kursziel|schluss\S{0,10}|kurs) … TARGET
            TARGET (\S+ ){0,2}?(dividende|gewinn|verlust)
        """,
        TermName.STAKE: r"""
            TARGET (\S+ ){0,2}?(der|des|aller|ihrer|seiner)? ?(belegschaft|stellen|mitarbeiter|umsatz\S{0,4}|marktes?|produktion|verkäufe|kosten|stromverbrauchs|prämie|aufschlag|zoll|zölle|dividende|fahrzeuge|autos)
            (um|minus|plus|verliert|gewinnt|hat noch|hält bereits|bereits|derzeit|besitzt) TARGET
            (von) TARGET auf
            (aktie|aktien|kurs|marktanteil) (\S+ ){0,3}?TARGET
        """,
        TermName.VOLUME: r"""
            (ruft|rückruf|absatz|verkauft|verkaufte|auslieferungen|produktion|kürzt|senkt|sinkt|fällt|steigt|streicht|storniert) (\S+ ){0,5}?TARGET
            kapazität (… )?(von|auf) TARGET
        """,
        TermName.CAPACITY: r"""
            (kürzt|senkt|streicht|ruft|rückruf) … TARGET
        """,
        TermName.JOBS: r"""
            (streich\S{0,3}|abbau\S{0,3}|baut|bauen|kürz\S{0,3}|fallen|kosten) … TARGET
            TARGET … (ab|abbauen|streichen|weg|wegfallen|gefährdet|abgebaut|gestrichen)
        """,
    },
    units=_UNITS,
    hedges="könnten?|dürften?|möglicherweise|womöglich|eventuell",
    past=r"im vergangenen jahr|im vorjahr|vor \S{1,12} jahren|damals|seinerzeit|zuletzt",
    ranges="zwischen|weniger als|unter",
    range_conjunctions="bis|und|-|–",
    articles="eine|einen|einem|einer|ein|die|der|das|den|dem",
    per_share=r"\s?(?:je|pro|/)\s?(?:\S{1,10}\s)?aktie|\sje\s(?:stamm|vorzugs)aktie",
    per_year=r"(?:\s(?:pro|im)|/)\s?jahr|\sjährlich",
    before_per_year=r"jährlich\s",
    per_day=r"(?:\s(?:pro|am)|/)\s?tag|\stäglich",
    before_figure=r"\S{0,30}(?:auftrag|aufträge|vertrag|kredit|darlehen|anleihe|order|bestellung|deal|investition|scheck|finanzierung)\s",
    gap_limits="dass weil aber wenn nachdem während obwohl sagt",
    noun_phrase_limits="mit auf in für als zu nach von aus bei und",
)
