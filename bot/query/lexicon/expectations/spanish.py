"""How Spanish articles say what is expected, and when."""

from __future__ import annotations

from bot.model.proposals import ExpectedKind
from bot.query.lexicon.expectations.base import ExpectationPhrases

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre setiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(name for row in _MONTHS for name in row.split())})"
_PREFIX = r"(?:(?:(?P<by>antes\s(?:de|del)(?=\s(?:fin|final|finales|acabar|terminar)\b)|para\santes\sde|no\smás\starde\s(?:de|del)|a\smás\stardar\s(?:en|el)?)|(?P<before>antes\sdel?)|en|para|a|el|durante|hasta|(?P<since>desde|(?:a\s)?partir\sde))\s)"
_YEAR = r"(?P<year>20\d\d)"
_OF_YEAR = rf"(?:\s(?:del?\s)?(?:{_YEAR}|(?P<this>este\saño|año(?!\s(?:que\sviene|próximo)))|(?P<next>(?:próximo\saño|año\s(?:que\sviene|próximo)))))?"
_PART = r"(?:(?P<end>(?:el\s)?(?:fin|final|acabar|terminar)\s(?:del?\s)?)|(?P<vague>(?:finales|principios|comienzos|inicios|mediados|primavera|verano|otoño|invierno)\s(?:del?\s)?))"

_NUMBERS = {
    "primer": 1, "primera": 1, "segundo": 2, "segunda": 2, "tercer": 3, "cuarto": 4, "último": 4, "1er": 1, "2º": 2, "2.º": 2, "3er": 3,
    "4º": 4, "dos": 2, "tres": 3, "cuatro": 4, "seis": 6, "nueve": 9, "doce": 12,
}  # fmt: skip

SPANISH_EXPECTATIONS = ExpectationPhrases(
    nouns={
        "EXPECT": r"((se )?(prev[eé]n?|esperan?|confían? en|planean?|calculan?|estiman?|pretenden?|aspiran? a|quieren?|está previsto|está prevista|tienen? previsto))",
        "CLOSE": r"(cerrar(se)?|completar(se)?|culminar|concluir|finalizar|cerrada|completada|formalizar(se)?|materializar(se)?)",
        "WILL": r"((se )?(cerrará|completará|concluirá|culminará|formalizará|materializará|cerrarán|completarán|quedará (cerrad[ao]|completad[ao])))",
        "STARTS": r"(empezará|empezarán|comenzará|comenzarán|iniciará|iniciarán|arrancará|arrancarán|lanzará|lanzarán|abrirá|abrirán|entrará en (servicio|funcionamiento|operación)|estrenará|inaugurará|pondrá en marcha|llegará al mercado)",
    },
    events={
        ExpectedKind.CLOSING: r"""
            WILL (… )?TARGET
            EXPECT (… )?CLOSE (… )?TARGET
            EXPECT que … (se )?(cierre|complete|concluya|culmine) (… )?TARGET
            (cierre|culminación|conclusión) (… )?(se )?(EXPECT|previsto|prevista|espera|esperado) (… )?TARGET
            (cierre|culminación) (… )?TARGET
        """,
        ExpectedKind.SIGNING: r"""
            (EXPECT firmar|firmarán?|se firmará) (… )?(contrato|acuerdo|pacto) (… )?TARGET
            EXPECT firmar (… )?TARGET
            (firma|firmarán?) (prevista )?TARGET
        """,
        ExpectedKind.DECISION: r"""
            (decidirán?|votarán?|resolverán?|se pronunciarán?|fallarán?|dictaminarán?|aprobarán?) (… )?TARGET
            (decisión|votación|junta|sentencia|fallo|resolución) (… )?(prevista|esperada|EXPECT|será) (… )?TARGET
            EXPECT (decidir|resolver|votar) (… )?TARGET
        """,
        ExpectedKind.LAUNCH: r"""
            STARTS (… )?TARGET
            (producirá|fabricará|suministrará|entregará) (… )?MARKED
            EXPECT (empezar|comenzar|iniciar|lanzar|abrir|arrancar) (… )?TARGET
            (producción|entregas|lanzamiento|apertura|construcción|fábrica|planta) (… )?(prevista|previsto|previstas|arrancará|a partir de|EXPECT) (… )?TARGET
        """,
    },
    others=r"""
        (no|nunca|podr[ií]an?|quizás?|difícilmente) … TARGET
        (cerrará|cerrar|cierre|cierra) (\S+ ){0,3}(planta|fábrica|tiendas?|oficinas|mina|factoría|centros?) (\S+ ){0,6}TARGET
        (ventas|ingresos|beneficio|bonos|deuda|demanda) (\S+ ){0,6}TARGET
        (fue|fueron|se cerró|se completó|cerró|completó) (\S+ ){0,6}TARGET
    """,
    dates=(
        rf"{_PREFIX}?(?:el\s)?(?P<end>(?:fin|final|finales)\sdel\s)?(?P<half>primer|segundo|1er|2º|2\.º)\s(?:semestre|mitad){_OF_YEAR}",
        rf"{_PREFIX}?(?:la\s)?(?P<half>primera|segunda)\smitad{_OF_YEAR}",
        rf"{_PREFIX}?(?:el\s)?(?P<end>(?:fin|final|finales)\sdel\s)?(?P<quarter>primer|segundo|tercer|cuarto|último|1er|2º|3er|4º)\strimestre{_OF_YEAR}",
        rf"{_PREFIX}?(?:el\s)?(?:próximo\s)?(?P<day>[0-3]?\d)\sde\s{_MONTH}(?:\sde(?:l)?\s{_YEAR})?",
        rf"{_PREFIX}?{_PART}{_MONTH}{_OF_YEAR}",
        rf"{_PREFIX}{_MONTH}{_OF_YEAR}",
        rf"{_PREFIX}?(?:el\s)?{_PART}(?:{_YEAR}|(?P<this>este\saño|año(?!\s(?:que|próximo)))|(?P<next>próximo\saño|año\s(?:que\sviene|próximo)))",
        r"(?:(?P<this>(?:a\slo\slargo\sde\s)?este\saño|este\smismo\saño|este\sejercicio)|(?P<next>el\spróximo\saño|el\saño\s(?:que\sviene|próximo)))",
        r"(?:el\s)?(?:(?P<next>próximo\s(?P<period>mes|trimestre))|(?P<this>este\s(?P<period2>mes|trimestre)))",
        rf"{_PREFIX}{_YEAR}",
        r"(?P<by>en\sun\splazo\sde|dentro\sde|antes\sde)\s(?P<count>\d{1,2}|dos|tres|cuatro|seis|nueve|doce)\smeses",
    ),
    numbers=_NUMBERS,
    months=_MONTHS,
    fiscal=r"ejercicio fiscal|año fiscal|ejercicio 20\d\d",
    uncertain="tras|después de|como pronto|desde hace|no antes de|nunca antes de",
    gap_limits="que porque pero cuando mientras aunque tras según",
    noun_phrase_limits="con en para por como al sobre y",
)
