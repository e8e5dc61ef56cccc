"""Spanish words of questions."""

from __future__ import annotations

from bot.model.vocabulary import Claim, Kind, Stage
from bot.query.lexicon.base import Lexicon, QuestionKind, any_of
from bot.query.lexicon.statements import Statements

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

_STATEMENTS = Statements(
    nouns={
        "DEAL": r"(fusi[oó]n|fusiones|compra|compraventa|venta|adquisici[oó]n|opa|oferta|puja|acuerdos?|contratos?|alianza|operaci[oó]n|participaci[oó]n"
        r"|entrada|joint venture|empresa conjunta|negociaciones|conversaciones|contactos|escisi[oó]n|toma|pacto|transacci[oó]n|integraci[oó]n|asociaci[oó]n"
        r"|sociedad conjunta|desinversi[oó]n|traspaso|colaboraci[oó]n|proyecto conjunto)",
        "ASSET": r"(filial|divisi[oó]n|negocio|planta|f[aá]brica|marca|participaci[oó]n|activos|unidad|acciones|empresa|compañ[ií]a|fabricante|grupo|parques?|\d[\d,]* ?%)",
        "TALKS": r"(negociaci[oó]n|negociaciones|conversaciones|contactos|di[aá]logo)",
        "AUTHORITY": r"(cnmc|cnmv|bruselas|la ue|comisi[oó]n europea|comisi[oó]n|competencia|reguladore?s?|autoridades?|gobierno|ftc|cma|cofece|accionistas|junta|supremo|tribunal|cade|consejo de ministros)",
        "BUY": r"(compr|adquir|vend)(ar|er|ir|e|a)",
    },
    stages=(
        (
            None,
            r"""
            (sindicatos?|ere|erte|convenio|huelga|plantilla|trabajadores|ugt|ccoo|aranceles)
            firma de (abogados|inversión)
            """,
        ),
        (
            Stage.TERMINATED,
            r"""
            (cancela|cancelan|rompen?|abandonan?|retiran?|desisten? de|renuncian? a|descarrila|suspenden?|anulan?|ponen? fin a|aparcan?|finiquitan?|tumban?|frustran?|dejan? (caer|sin efecto)|liquidan?|disuelven?) … DEAL
            (fracasan?|naufragan?|encallan?) … DEAL
            DEAL … (fracasan?|se rompen?|se cae|naufraga|rot[oa]s?|cancelad[oa]s?|se frustra|descarrila|salta por los aires)
            (da|dan) por (rot[oa]s?|terminad[oa]s?|finalizad[oa]s?|concluidas) … DEAL
            (se retira|se baja|se descuelga) … (DEAL|puja)
            separan sus caminos
            (desisten?|renuncian?) (de|a) (comprar|vender|adquirir|fusionarse)
            (ponen?|dan?) fin a … DEAL
            """,
        ),
        (
            Stage.LAPSED,
            r"""
            (caduca|expira|vence|decae) … (DEAL|plazo|opci[oó]n)
            DEAL … (caduca|expira|vence|decae)
            DEAL … (sin alcanzar|no alcanza) … m[ií]nim[oa]
            """,
        ),
        (
            Stage.COMPLETED,
            r"""
            (completan?|cierran?|culminan?|concluyen?|finalizan?|formalizan?|ejecutan?|consuman?|rematan?) … (fusi[oó]n|compra|venta|adquisici[oó]n|operaci[oó]n|opa|integraci[oó]n|toma|traspaso|escisi[oó]n|transacci[oó]n|desinversi[oó]n)
            (completa|cierra|culmina|concluye|ha completado|ha cerrado|completó|cerró) … (fusi[oó]n|compra|venta|adquisici[oó]n)
            (toma|asume) (el )?control (total )?de
            DEAL … (completad[oa]|cerrad[oa]|entra en vigor|consumad[oa])
            (ya es|se convierte en) (dueñ[oa]|propietari[oa])
            """,
        ),
        (
            Stage.REVIEW,
            r"""
            AUTHORITY … (autorizan?|aprueban?|investigan?|examinan?|analizan?|estudian?|avalan?|vetan?|bendicen?|revisan?|respaldan?|imponen?|condicionan?|dan? (el )?visto bueno|dan? luz verde|votan?) … DEAL
            (luz verde|visto bueno|autorizaci[oó]n|aprobaci[oó]n|beneplácito) … DEAL
            DEAL … (luz verde|visto bueno|autorizaci[oó]n|aprobaci[oó]n|en revisi[oó]n|aprobad[oa] por|pendiente de)
            """,
        ),
        (
            Stage.AGREED,
            r"""
            (memorando|memor[aá]ndum)( de entendimiento)?
            (principio de acuerdo|preacuerdo|acuerdo (preliminar|marco|de principios|de intenciones|inicial|no vinculante))
            cartas? de intenci[oó]n(es)?
            (protocolo de intenciones|acuerdan en principio)
            """,
        ),
        (
            Stage.SIGNED,
            r"""
            (compran?|adquieren?|se adjudican?|se hacen? con|se quedan? con|absorben?)(?= (?!de |y |del |más |menos )\S)
            (ha|han) (comprado|adquirido|acordado (comprar|vender|fusionarse)|firmado)
            (acuerdan?|pactan?|firman?|firmaron|firmó|sellan?|suscriben?|cierran?|alcanzan?|logran?|rubrican?) … DEAL
            (acuerdan?|pactan?) (comprar|vender|fusionarse|adquirir)
            (ganan?|consiguen?|obtienen?|logran?|recibe) … (contrato|pedido|concurso|licitaci[oó]n|financiaci[oó]n|pr[eé]stamo)
            se al[ií]an?(?= \S)
            (unen fuerzas|se unen (para|con|a))
            (crean?|forman?|constituyen?) … (joint venture|empresa conjunta|sociedad conjunta|alianza)
            venden? (?!más |menos |un |\d)… (al? \S+|ASSET|por \S+ (millones|euros))
            (toman?|entran?) … (ASSET|en el capital|participaci[oó]n)
            (elevan?|suben?|aumentan?) … participaci[oó]n
            invierten? … (en el capital|por el \d+)
            """,
        ),
        (
            Stage.TALKS,
            r"""
            negocian?(?= \S)
            (en|mantienen?|retoman?|reanudan?|inician?|abren?|confirman?|prosiguen?|avanzan? en (las )?) … TALKS
            TALKS (con|entre|para|sobre|avanzan)
            (ultiman?|perfilan?|afinan?|rozan?|cerca de|a punto de) … (DEAL|cerrar|firmar|comprar|vender)
            dialogan? con
            """,
        ),
        (
            Stage.RUMOURED,
            r"""
            (estudian?|sopesan?|eval[uú]an?|baraja|barajan|exploran?|sondean?|analizan?|valoran?|consideran?|contemplan?|plantean?|se plantea|tantean?) … (DEAL|ASSET|vender|comprar|adquirir|fusionarse|opciones|salida)
            (se interesan?|interesad[oa]s?|inter[eé]s) (por|en|de)
            (buscan?) … (comprador|socio|inversor|compradores|socios|inversores)
            (ponen?|pone) … (a la|en) venta
            (quieren?|planean?|pretenden?|podr[ií]an?|aspiran? a|preparan?|prev[eé]n?) … (comprar|vender|adquirir|fusionarse|hacerse con|entrar en|DEAL)
            rumor(es)?
            especulaci[oó]n
            suena como
            """,
        ),
    ),
    denials=r"""
        desm(iente|ienten|intió|entido)
        (niega|niegan|negó) … (DEAL|TALKS|estar|que|haber|interés)
        descarta[n]? … (DEAL|vender|comprar|fusionarse|mejorar|TALKS)
        (rechazan?) … (rumores|informaciones|especulaciones)
        no (hay|negocia|negocian|está en|tiene intenci[oó]n|tiene planes|mantiene|est[aá]n en)
        (sin planes|es falso|son falsos|infundados?)
        """,
    hearsay=r"""
        seg[uú]n
        fuentes
        rumor(es)?
        (medios|prensa|informes?)
        """,
    assertions=r"""
        confirman?
        anuncian?
        comunican?
        (informa|notifica) a la cnmv
        hace p[uú]blic[oa]
        """,
    background="tras|después de|pese a|a pesar de",
    function_words="el la los las de del por para con en su una un y al se",
    cancelling=r"no|podr[ií]an?|quieren?|planean?|pretenden?|espera|esperan|prev[eé]n?|si|aspira|intentan?|amenazan?",
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
        rf"\b(?P<part>[12])\.?\s*semestre\s*(?:de\s+)?{_YEAR}\b",
        rf"\bsemestre\s+(?P<part>[12])\s*(?:de\s+)?{_YEAR}\b",
    ),
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
    statements=_STATEMENTS,
)
