"""How Spanish articles name the terms of a deal."""

from __future__ import annotations

from bot.model.terms import TermName
from bot.query.lexicon.terms.base import TermPhrases

_UNITS = {
    "gwh": "GWh", "mwh": "MWh", "gw": "GW", "mw": "MW", "gigavatios hora": "GWh", "megavatios": "MW", "vehículos": "vehicles",
    "coches": "coches", "autos": "autos", "furgonetas": "furgonetas", "camiones": "camiones", "autobuses": "autobuses", "aviones": "aviones",
    "helicópteros": "helicópteros", "buques": "buques", "barcos": "barcos", "trenes": "trenes", "turbinas": "turbinas",
    "aerogeneradores": "aerogeneradores", "toneladas": "tonnes", "barriles": "barrels", "unidades": "units", "chips": "chips",
    "empleos": "jobs", "puestos": "jobs", "trabajadores": "jobs", "empleados": "jobs", "personas": "jobs",
}  # fmt: skip

SPANISH_TERMS = TermPhrases(
    nouns={
        "DEAL": r"(compra|venta|fusión|adquisición|opa|oferta|contrato|pedido|operación|acuerdo|transacción|alianza|oferta pública|puja|encargo|adjudicación)",
        "TRADE": r"(compran?|comprará|comprar|adquieren?|adquirirá|adquirir|venden?|venderá|vender|absorben?|se hace con|se queda con|toma|tomará|tomar|ha(n)? (comprado|vendido|adquirido)"
        r"|desinvierte|traspasa|cede|cierra la (venta|compra)|completa la (venta|compra))",
        "INCOME": r"(gana|ganó|ganan|ganancias?|beneficios?|pérdidas?|pierden?|perdió|ingresos?|ventas|facturó|factura|facturación|ebitda|deuda|préstamos?|crédito|bonos?|multas?|multan?|sanción|dividendos?"
        r"|capitalización|valor en bolsa|ahorros?|sinergias|provisiones?|ayudas?|subvención|subvenciones|indemnización|impuestos?|costes?|financiación|ampliación de capital|fondo|emite|emisión|presupuesto)",
        "SHARES": r"(participación|acciones|capital|títulos)",
        "DEALING": r"(compran?|comprará|comprar|adquieren?|adquirirá|adquirir|venden?|venderá|vender|toman?|tomará|se hace con|se queda con|aumentan?|elevan?|suben?|sube|reducen?|rebajan?|recortan?"
        r"|tendrá|controlará|mantendrá|logra|entra en|coloca|cede|alcanza|ha(n)? (comprado|vendido|adquirido))",
    },
    terms={
        TermName.VALUE: r"""
            TRADE … por (un total de |un importe de |unos )?TARGET
            DEAL … (por|de|valorad[ao] en|por valor de|por importe de) TARGET
            DEAL,? valorad[ao] en TARGET
            valorad[ao] en TARGET,? se
            (contrato|pedido|operación|venta|compra), de TARGET
            (oferta|opa) … a TARGET
            (precio|importe|valor de la (operación|transacción)) (… )?(de|es|asciende a|alcanza) TARGET
            (paga|pagan|pagará|pagarán|pagar|desembolsa|desembolsará|abona) TARGET (por|para|en efectivo)
            ofrecen? TARGET (por|para)
        """,
        TermName.INVESTMENT: r"""
            (invierten?|invertirán?|invertir|destinan?|destinarán?|inyectan?) (… )?(un total de |otros )?TARGET
            inversión (… )?de TARGET
        """,
        TermName.PRICE_PER_SHARE: r"""
            (ofrecen?|ofrece|oferta|opa|por|a|hasta|de|en|paga|pagará|precio) TARGET
        """,
        TermName.STAKE: r"""
            DEALING (… )?TARGET (adicional |restante )?(de|del)
            (participación|paquete) (… )?(del|de|al|hasta) TARGET
            DEALING … (participación|capital) … (al|hasta|del|de) TARGET
            DEALING … hasta TARGET
        """,
        TermName.VOLUME: r"""
            (encargan?|encarga|piden?|suministran?|suministrará|suministrarán|entregará|compran?|comprará|adquiere|vende|venderá|recibirá) (… )?TARGET
            (compra|pedido|suministro|contrato|entrega|venta|encargo) (… )?de TARGET
        """,
        TermName.CAPACITY: r"""
            capacidad (… )?(de|para|hasta) TARGET
            (fabricará|producirá|fabricar|producir|ensamblará|montará|ensamblar) (… )?MARKED
            TARGET de capacidad
        """,
        TermName.JOBS: r"""
            (crear|creará|crearán|crea|crean|generará|generarán|contratará|contratar|generar) (… )?TARGET
        """,
    },
    others={
        TermName.VALUE: r"""
            INCOME … (de|en|a|hasta|por|con) TARGET
            INCOME (\S+ ){0,4}?TARGET
            TARGET (\S+ ){0,3}?(de (beneficio|deuda|pérdidas|ingresos|multa)|en (multas|deuda|bonos|préstamos|dividendos|2\d{3}))
            que (\S+ ){0,1}(compró|vendió|pagó|adquirió) … TARGET
            TARGET (al|por) (año|mes)
        """,
        TermName.INVESTMENT: r"""
            (recorta|cancela|aplaza|congela) … TARGET
            TARGET (al|por) año
        """,
        TermName.PRICE_PER_SHARE: r"""
            (dividendos?|beneficio|pérdida|precio objetivo|cierre|cotiza\S{0,4}|caen?|suben? un) … TARGET
        """,
        TermName.STAKE: r"""
            (caen?|suben?|bajan?|crecen?|pierden?|ganan?|un|arancel|aranceles) TARGET
            (arancel|aranceles|cuota|prima|acciones|ingresos|ventas|beneficio|impuesto|inflación|rentabilidad) (\S+ ){0,4}?TARGET
            (posee|tiene|controla|ya) (\S+ ){0,1}?TARGET
            TARGET (de|del|de la|de sus|de su|de las|de los) (\S+ ){0,1}?(plantilla|ventas|mercado|cuota|producción|ingresos|empleados|empleo|trabajadores|beneficio|energía|coches|coste)
            desde TARGET
        """,
        TermName.VOLUME: r"""
            (ventas|vendió|llama a revisión|revisión|recorta|reduce|cae|caen|suben|alcanzan|produjo|fabricó|cancela) (\S+ ){0,5}?TARGET
            capacidad (… )?(de|para) TARGET
        """,
        TermName.CAPACITY: r"""
            (recorta|reduce|cancela|ventas) … TARGET
        """,
        TermName.JOBS: r"""
            (despide|despedirá|recorta|recortará|suprime|elimina|eliminará|destruye|prescindirá|reduce|mantiene) … TARGET
        """,
    },
    units=_UNITS,
    hedges="podr[ií]an?|quizás?|posiblemente",
    past=r"el año pasado|hace \S{1,12} (?:años|meses)|en su día|anteriormente|entonces",
    ranges="entre|menos de|por debajo de",
    range_conjunctions="a|y|o|-|–",
    articles="un|una|el|la|los|las|del|al|unos",
    per_share=r"\s?(?:por|/|la|cada)\s?(?:acción|título)",
    per_year=r"(?:\s(?:al|por)|/)\s?año|\sanuales",
    per_day=r"(?:\s(?:al|por)|/)\s?día|\sdiarios",
    gap_limits="que porque pero cuando mientras aunque tras según",
    noun_phrase_limits="con en para por como al sobre y",
)
