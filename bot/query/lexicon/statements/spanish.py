"""How Spanish headlines and sentences state the stage of a deal, and who stands behind it."""

from __future__ import annotations

from bot.model.vocabulary import Stage
from bot.query.lexicon.statements.base import Statements

SPANISH_STATEMENTS = Statements(
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
            DEAL (?!(\S+ ){0,4}(estar[aá]n?|quedar[aá]n?|ser[aá]n?|sea|debe|debería|puede|podr[ií]a) )… (completad[oa]|cerrad[oa]|entra en vigor|consumad[oa])
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
            (?<!la )(?<!su )(?<!una )(?<!de )(?<!esta )(?<!cuya )(?<!esa )(compran?|adquieren?|se adjudican?|se hacen? con|se quedan? con|absorben?)(?= (?!de |y |del |más |menos )\S)
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
            (quieren?|planean?|pretenden?|podr[ií]an?|aspiran? a|preparan?|prev[eé]n?)(?! (cerrar|completar|culminar|concluir|finalizar|ejecutar)) … (comprar|vender|adquirir|fusionarse|hacerse con|entrar en|DEAL)
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
