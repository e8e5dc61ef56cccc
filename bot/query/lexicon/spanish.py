"""Spanish words of questions."""

from __future__ import annotations

from bot.model.vocabulary import Claim, Kind, Stage
from bot.query.lexicon.base import Lexicon, QuestionKind, any_of
from bot.query.lexicon.expectations import SPANISH_EXPECTATIONS
from bot.query.lexicon.statements import SPANISH_STATEMENTS
from bot.query.lexicon.terms import SPANISH_TERMS

_YEAR = r"(?P<year>(?:19|20)\d\d)"
#: With CLDR's short names, which the bot writes: 10 ene 2024.
_MONTHS = (
    "enero ene",
    "febrero feb",
    "marzo mar",
    "abril abr",
    "mayo may",
    "junio jun",
    "julio jul",
    "agosto ago",
    "septiembre setiembre sept",
    "octubre oct",
    "noviembre nov",
    "diciembre dic",
)
_TIME_UNITS = {"días": "day", "dias": "day", "semanas": "week", "meses": "month", "años": "year"}

# For the patterns of questions, on folded text: without accents.
_CLOSE = r"(?:cerr(?:o|ado|ada|aron|ar|ara|arse)|cierra|cierre|complet(?:o|ado|ada|aron|ar|ara|arse)|conclu(?:yo|ido|ida|ir|ye)|finaliz(?:o|ado|ada|ar))"
_BUY = (
    r"(?:compr(?:o|a|an|ado|ada|aron|ar|ara)|adquir(?:io|ido|ida|ir|ieron|ira)|adquiere|fusion(?:o|a|an|aron|ado|ada|ar|arse)"
    r"|vend(?:io|ido|ida|er|e|ieron)|inv(?:irtio|ertido|ertir))"
)
_BOUGHT = r"(?:compro|compraron|adquirio|adquirieron|fusiono|fusionaron|vendio|vendieron|cerro|cerraron|completo|completaron|concluyo|invirtio)"
_END = (
    r"(?:fracas(?:o|ado|ada|aron|ar)|cancel(?:o|ado|ada|aron|ar)|romp(?:io|ieron)|rot[oa]|termin(?:o|ado|ada|aron)|bloque(?:o|ado|ada|aron)"
    r"|cayo|caido|abandon(?:o|ado|ada|aron)|retir(?:o|ado|ada|aron)|suspend(?:io|ido|ida)|prohib(?:io|ido|ida)|veto|vetad[oa]|desist(?:io|ieron)"
    r"|renuncio|acab(?:o|ado|ada)|anul(?:o|ado|ada)|vino abajo|salio adelante|muert[oa])"
)

SPANISH = Lexicon(
    code="es",
    facet_words={
        Kind.MERGER: "fusión|fusiones|fusionan",
        Kind.ACQUISITION: "adquisición|adquisiciones|adquiere|adquirir|adquirió|adquirido|adquirida|compra|compras|compran|comprar|compró|compraron|comprado|comprada"
        "|venta|ventas|vende|vender|vendió",
        Kind.STAKE: "participación|participaciones|acciones",
        Kind.JOINT_VENTURE: "empresa conjunta|empresas conjuntas",
        Kind.ALLIANCE: "alianza|alianzas|asociación|cooperación",
        Kind.SUPPLY: "suministro|suministros|proveedor|proveedores",
        Kind.CONTRACT_MANUFACTURING: "fabricación por contrato",
        Kind.LICENSING: "licencia|licencias",
        Kind.FINANCING: "financiación|financiamiento|préstamo",
        Kind.PRODUCT: "producto|productos|lanzamiento",
        Kind.PLANT: "fábrica|fábricas|planta|plantas",
        Kind.POLICY: "política|regulación|aranceles",
        Kind.PEOPLE: "personas|nombramiento|despidos",
        Kind.RESULTS: "resultado|resultados|beneficio|ingresos",
        Kind.EVENT: "evento|eventos|feria",
        Stage.RUMOURED: "rumores",
        Stage.TALKS: "negociación|negociaciones|conversaciones|negocian",
        Stage.AGREED: "acordado|acordada|acordados|acordadas|acordaron",
        Stage.SIGNED: "firmado|firmada|firmados|firmadas|firma|firmó|firmaron",
        Stage.REVIEW: "en revisión|revisión",
        Stage.COMPLETED: "completado|completada|completadas|completados|completó|completaron|completarse|cerrada|cerradas|cerrado|cerrados|cerró",
        Stage.TERMINATED: "cancelado|cancelada|cancelados|canceladas|terminado|terminada|terminados|terminadas|fracasó|fracasado|fracasada|fracasados|fracasadas|rota|rotas",
        Stage.LAPSED: "caducado|caducada",
    },
    disputed_words="en disputa|desmentido|desmentida|desmiente",
    open_words="en curso|abierta|abiertas",
    ended_words="bloqueado|bloqueada|bloqueados|bloqueadas|bloqueó|prohibido|prohibida|prohibidos|prohibidas|vetado|vetada",
    claim_words={
        Claim.CONFIRMED: "confirmado confirmada confirmados confirmadas confirma",
        Claim.REPORTED: "publicado publicada publicados publicadas",
        Claim.DENIED: "desmentido desmentida desmentidos desmentidas desmiente negado negada",
    },
    deal_words="acuerdo acuerdos contrato contratos operación operaciones trato tratos",
    news_words="noticias novedades pasó pasado ocurrió sucedió cambiado cambió",
    several_words="acuerdos|contratos|operaciones|tratos|fusiones|adquisiciones|compras|ventas"
    "|participaciones|alianzas|rumores",
    largest_words="mayores|más grandes|más caras|más caros",
    topic_words={
        "lawsuit": "demanda demandas demandó demanda",
        "hydrogen": "hidrógeno",
        "engine": "motor motores",
        "battery": "batería baterías",
        "chip": "semiconductor semiconductores",
        "airline": "aerolínea aerolíneas",
        "aircraft": "avión aviones",
        "court": "tribunal tribunales juez",
        "workers": "trabajadores empleados",
    },
    stopwords="de la y con el los las un una del al en por para sobre entre que qué como cómo esta está están cual cuál cuando"
    " cuándo donde dónde hay noticias novedades última últimas empresa empresas favor quién quien quiénes quienes a ha han"
    " había fue fueron ser es son era estaba se su sus lo le les me mi nos te tu cuáles cuánto cuánta cuántos cuántas"
    " porqué pero o u ni si sí ya más menos muy todo toda todos todas cada este esto estos estas ese esa eso esos esas"
    " aquel hasta tras desde durante según contra sin también tampoco aún todavía ahora hoy pasó pasado ocurrió sucedió cambiado cambió"
    " puede pueden quiero quiere saber sabe dime dame muestra muéstrame lista realmente nuevo nueva nuevos nuevas actual"
    " actuales algo alguien nada nadie cuesta costó costará pagó paga pagan pagaron pagará sigue siguen continúa pie adelante marcha vale hola gracias otro otra otros otras mismo misma así tan",
    request_words=r"(?:muestra|muéstrame|muestrame|lista|dame|dime|enséñame|busca)",
    over_words=r"más\s+de|mas\s+de|superior(?:es)?\s+a|por\s+encima\s+de|al\s+menos|mayor(?:es)?\s+de|mayor(?:es)?\s+que",
    under_words=r"menos\s+de|inferior(?:es)?\s+a|por\s+debajo\s+de|hasta|como\s+máximo",
    between_words="entre",
    conjunctions=r"y|e|o|u|ni",
    exclusion_words="excepto|salvo",
    company_exclusion_words="sin",
    months=_MONTHS,
    time_units=_TIME_UNITS,
    last_period_patterns=(rf"\b[úu]ltim[oa]s\s+(?P<count>\d{{1,3}})\s+(?P<unit>{any_of(_TIME_UNITS)})\b",),
    quarter_patterns=(
        rf"\b(?P<part>[1-4])\.?\s*(?:er\.?\s*|º\s*)?trimestre\s*(?:de\s+)?{_YEAR}?\b",
        rf"\btrimestre\s+(?P<part>[1-4])\s*(?:de\s+)?{_YEAR}?\b",
    ),
    half_year_patterns=(
        rf"\b(?P<part>[12]|primer|segundo)\.?\s*semestre\s*(?:de\s+)?{_YEAR}\b",
        rf"\bsemestre\s+(?P<part>[12])\s*(?:de\s+)?{_YEAR}\b",
    ),
    half_year_numbers={"primer": 1, "segundo": 2},
    since_words="desde",
    relative_ranges=(
        (r"\besta\s+semana\b", "week", 0),
        (r"\bsemana\s+pasada\b", "week", 1),
        (r"\beste\s+mes\b", "month", 0),
        (r"\bmes\s+pasado\b", "month", 1),
        (r"\beste\s+trimestre\b", "quarter", 0),
        (r"\btrimestre\s+pasado\b", "quarter", 1),
        (r"\beste\s+año\b", "year", 0),
        (r"\baño\s+pasado\b", "year", 1),
    ),
    today=r"\bhoy\b",
    yesterday=r"\bayer\b",
    month_prepositions="en",
    date_prepositions="el|en|de|del|desde|la",
    question_patterns={
        QuestionKind.CLOSING_DATE: rf"\bcuando\b.*\b(?:{_CLOSE}|{_BUY})\b|\b(?:que fecha|en que (?:fecha|ano|mes))\b.*\b(?:{_CLOSE}|{_BUY})\b|\bfecha de cierre\b",
        QuestionKind.REASON: rf"\b(?:por ?que|motivo|razon|causa)\b.*\b{_END}\b",
        QuestionKind.PRICE_PER_SHARE: r"\b(?:precio|cuanto)\b.*\bpor (?:cada )?accion\b",
        QuestionKind.STAKE: r"\b(?:que|cual es (?:el|la)) (?:porcentaje|participacion|parte)\b|\bcuanto de\b|\bcuant[oa]s? (?:participacion|acciones|porcentaje)\b",
        QuestionKind.AMOUNT: r"\bcuanto\b.*\b(?:vale|valio|valdra|paga|pago|pagan|pagara|pagaron|pagado|cuesta|costo|costara|costado|ofrec\w+|inv(?:irt|ert|ier)\w+|gast\w+|compr\w+)\b"
        r"|\bpor cuanto\b|\b(?:a|por) que precio\b|\bcual (?:es|fue|era) el (?:precio|valor|importe|monto)\b",
        QuestionKind.BUYER: r"(?<!a )\bquien(?:es)?(?: (?:se|ha|han|va|van|a|quiere|quieren|esta|estan|queria|intenta|desea))* (?:compr\w+|adquir\w+|adquiere)\b"
        r"|\bquien(?:es)? (?:es|son|era|fue) (?:el|la|los) comprador\w*\b",
        QuestionKind.STILL_ON: rf"\b(?:sigue|siguen|continua|todavia|aun)\b.*\b(?:en pie|adelante|en marcha|vigente|viv[oa]|abiert[oa]|{_BUY}|comprando|negociando|queriendo)\b"
        rf"|^(?:(?:y|pero|ya|oye) )*(?:se|ha|han|fue|fueron|es|esta)\b.*\b{_END}\b|^(?:(?:y|pero|ya) )*(?:fracaso|cancelaron|rompieron)\b|\bcuando\b.*\b{_END}\b",
        QuestionKind.CLOSED: rf"^(?:(?:y|pero|ya|oye) )*(?:se|ha|han|fue|fueron|esta|estan)\b.*\b(?:{_CLOSE}|{_BUY})\b|^(?:(?:y|pero|ya) )*{_BOUGHT}\b",
    },
    reason_words=r"debido a|porque|a causa de|alegando|alega|alego|por falta de|por motivos|citando|el motivo (?:es|fue)",
    no_reason_words=r"sin (?:dar|citar|explicar|motivos|alegar)|no (?:dio|dieron|cito|explico|es|fue) (?:\w+ )?(?:porque|debido|motivos?|razones)|niega\w*|desmiente\w*",
    per_share_words=r"por (?:cada )?accion",
    statements=SPANISH_STATEMENTS,
    terms=SPANISH_TERMS,
    expectations=SPANISH_EXPECTATIONS,
)
