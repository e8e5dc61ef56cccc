"""The line that answers a question directly, in four languages: from the data alone, with claim, date and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.cards.story import direct_answer_line, story_card
from bot.languages import LANGUAGES, use_language
from bot.library.answers import Answer
from bot.library.direct_answers import find_direct_answer
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, ExpectedEvent, ExpectedOutcome
from bot.model.story import DescribedState, Development, Source, Story
from bot.model.terms import Term, TermName
from bot.model.vocabulary import Bound, Claim, Kind, Stage
from bot.query.lexicon import QuestionKind
from bot.query.question_kinds import find_question_kind
from tests.unit.cards.limits import accept, texts

TODAY = date(2025, 9, 1)
WIRE = (Source("Wire", url="https://wire.example/a"),)
LINK = "[Wire](https://wire.example/a)"
ALPHA, BETA = Party("Alpha", "buyer"), Party("Beta", "target")


def news(
    day: str, headline: str, claim: Claim = Claim.CONFIRMED, stage: Stage | None = None, text: str = ""
) -> Development:
    return Development(day, PartialDate.parse(day), headline, claim, text, stage, WIRE)


TALKS = news("2025-03", "Alpha and Beta said to talk", Claim.REPORTED, Stage.TALKS)
DENIAL = news("2025-04-02", "Beta: no talks", Claim.DENIED)
SIGNED = news("2025-05-06", "Alpha signs for Beta", stage=Stage.SIGNED)
CLOSED = news("by 2025-08", "Alpha owns Beta", stage=Stage.COMPLETED)
SAID_CLOSED = news("2025-08-01", "Alpha said to own Beta", Claim.REPORTED, Stage.COMPLETED)
OFF = news("2025-08-20", "Alpha drops Beta", stage=Stage.TERMINATED)
OFF_BECAUSE = replace(OFF, text="Both had hoped for more. Alpha gives up because of the regulator's conditions.")
SAID_OFF = replace(OFF, claim=Claim.REPORTED, headline="Alpha said to drop Beta, citing its price")
CLOSING = ExpectedEvent("closing", "Alpha closes the purchase", ExpectedDate.parse("2025-Q4"), sources=WIRE)
RULING = replace(CLOSING, key="ruling", headline="The court decides")
LATE = replace(CLOSING, key="late", date=ExpectedDate.parse("2025-06"))
PRICE = Term("price", TermName.VALUE, Decimal(69_000_000_000), "USD", Claim.CONFIRMED, date=PartialDate(2025, 5), sources=WIRE)  # fmt: skip
OTHER_PRICE = replace(PRICE, key="b", amount=Decimal(60_000_000_000), claim=Claim.REPORTED, bound=Bound.ABOUT)
DENIED_PRICE = replace(PRICE, key="c", claim=Claim.DENIED, date=PartialDate(2025, 6))


def deal(
    *developments: Development,
    kind: Kind = Kind.ACQUISITION,
    parties: Sequence[Party] = (ALPHA, BETA),
    terms: Sequence[Term] = (),
    expected: Sequence[ExpectedEvent] = (),
    summary: str = "They said so.",
) -> Story:
    return Story(
        "a-b", "Alpha and Beta", summary, kind, tuple(parties), developments, terms=tuple(terms), expected_events=tuple(expected)
    )  # fmt: skip


def answer_line(question: str, story: Story, code: str = "en", companies: Sequence[str] = ()) -> str | None:
    """Return the line above the card, or None if there is none."""
    kind = find_question_kind(question)
    assert kind is not None, question
    with use_language(code):
        direct = find_direct_answer(kind, story, companies)
        if direct is None:
            return None
        card = story_card(Answer(question, story, direct=direct, today=TODAY))
        accept(card)
        line = direct_answer_line(direct, TODAY)
    assert texts(card)[0] == line
    return line


CONFIRMED_SIGNED, REPORTED_TALKS = f"● Confirmed · 6 May 2025 · {LINK}", f"○ Reported · March 2025 · {LINK}"
LINES = [
    # Whether it closed: done, bounded, only reported, still open, off, disputed, never said, only denied.
    ("did it close", deal(SIGNED, CLOSED), f"**Acquisition: completed** · ● Confirmed · by Aug 2025 · {LINK}"),
    ("did it close", deal(SAID_CLOSED), f"**Acquisition: completed, according to reports** · ○ Reported · 1 Aug 2025 · {LINK}"),
    ("did it close", deal(SAID_CLOSED, news("2025-08-09", "Done", stage=Stage.COMPLETED)), f"**Acquisition: completed** · ● Confirmed · 9 Aug 2025 · {LINK}"),
    ("did it close", deal(SIGNED), f"**Acquisition: no source here says that it has closed. Stage: Signed** · {CONFIRMED_SIGNED}"),
    ("did it close", deal(SIGNED, OFF), f"**Acquisition: ended without closing. Stage: Terminated** · ● Confirmed · 20 Aug 2025 · {LINK}"),
    ("did it close", deal(SAID_OFF), f"**Acquisition: reported to have ended. Stage: Terminated** · ○ Reported · 20 Aug 2025 · {LINK}"),
    ("did it close", deal(TALKS, DENIAL), f"**Acquisition: no source here says that it has closed. Stage: In talks** · {REPORTED_TALKS} · “Beta: no talks” · ✕ Denied · 2 Apr 2025 · {LINK}"),
    ("did it close", deal(news("2025-02", "They meet")), "**Acquisition: no source here says whether it has closed**"),
    ("did it close", deal(DENIAL), f"**Acquisition: no source here says whether it has closed** · “Beta: no talks” · ✕ Denied · 2 Apr 2025 · {LINK}"),
    ("did it close", deal(replace(CLOSED, sources=())), "**Acquisition: no source here says whether it has closed**"),
    ("did it close", deal(CLOSED, OFF, kind=Kind.ALLIANCE), f"**Alliance: completed** · ● Confirmed · by Aug 2025 · {LINK}"),
    ("did it close", deal(news("2024", "Begun", stage=Stage.COMPLETED), OFF, kind=Kind.ALLIANCE), f"**Alliance: ended. Stage: Terminated** · ● Confirmed · 20 Aug 2025 · {LINK}"),
    ("did it close", deal(replace(CLOSED, retraction_reason="Misread."), SIGNED), f"**Acquisition: no source here says that it has closed. Stage: Signed** · {CONFIRMED_SIGNED}"),
    ("did it close", deal(kind=Kind.PLANT), None),
    # When it closed or will: what is expected, never a date of our own.
    ("when did it close", deal(CLOSED), f"**Acquisition: completed** · ● Confirmed · by Aug 2025 · {LINK}"),
    ("when will it close", deal(SIGNED, expected=[RULING, CLOSING]), f"**Acquisition: no source here says that it has closed. Expected:** “Alpha closes the purchase” · Q4 2025 · {LINK}"),
    ("when will it close", deal(SIGNED, expected=[LATE]), f"**Acquisition: no source here says that it has closed. Expected:** “Alpha closes the purchase” · was expected for June 2025; outcome unknown · {LINK}"),
    ("when will it close", deal(SIGNED, expected=[RULING, replace(CLOSING, outcome=ExpectedOutcome.DROPPED)]), f"**Acquisition: no source here gives a closing date. Stage: Signed** · {CONFIRMED_SIGNED}"),
    ("when will it close", deal(), "**Acquisition: no source here gives a closing date**"),
    ("when will it close", deal(OFF, expected=[CLOSING]), f"**Acquisition: ended without closing. Stage: Terminated** · ● Confirmed · 20 Aug 2025 · {LINK}"),
    # How much: a figure, both sides, a denied one, words of a development, nothing.
    ("how much is it worth", deal(CLOSED, terms=[PRICE]), f"**Value (Acquisition):** ● $69 billion · Confirmed · May 2025 · {LINK}"),
    ("how much is it worth", deal(OFF, terms=[PRICE]), f"**Value (Acquisition):** ● $69 billion · Confirmed · May 2025 · {LINK} · Stage: Terminated"),
    ("how much is it worth", deal(CLOSED, terms=[PRICE, OTHER_PRICE]), f"**Value (Acquisition), sources differ:** ● $69 billion · Confirmed · May 2025 · {LINK} · ○ about $60 billion · Reported · May 2025 · {LINK}"),
    ("how much is it worth", deal(CLOSED, terms=[PRICE, DENIED_PRICE]), f"**Value (Acquisition), sources differ:** ✕ $69 billion · Denied · June 2025 · {LINK} · ● $69 billion · Confirmed · May 2025 · {LINK}"),
    ("how much is it worth", deal(CLOSED, terms=[DENIED_PRICE]), f"**Value (Acquisition):** ✕ $69 billion · Denied · June 2025 · {LINK}"),
    ("how much is it worth", deal(CLOSED, terms=[replace(PRICE, retraction_reason="Misread.")]), "**No source here gives an amount**"),
    ("how much is it worth", deal(CLOSED, terms=[replace(PRICE, sources=())], summary="They pay $69bn."), "**A figure is in the summary, but no source is recorded for it**"),
    ("how much is it worth", deal(news("2025-05-06", "Alpha to buy Beta for $5bn", stage=Stage.SIGNED), CLOSED), f"**From the developments:** “Alpha to buy Beta for $5bn” · {CONFIRMED_SIGNED}"),
    ("how much is it worth", deal(news("2025-05-06", "Alpha denies a price of $5bn", Claim.DENIED), SAID_CLOSED), f"**From the developments:** “Alpha denies a price of $5bn” · ✕ Denied · 6 May 2025 · {LINK}"),
    ("how much per share", deal(replace(CLOSED, text="It pays $5bn altogether. That is $95 a share.")), f"**From the developments:** “That is $95 a share.” · ● Confirmed · by Aug 2025 · {LINK}"),
    ("how much per share", deal(CLOSED, terms=[PRICE]), "**No source here gives a price per share**"),
    ("how big is the stake", deal(CLOSED, terms=[PRICE]), "**No source here gives the size of the stake**"),
    # Who buys.
    ("who is buying beta", deal(CLOSED), f"**Buyer: Alpha. Stage: Completed** · ● Confirmed · by Aug 2025 · {LINK}"),
    ("who is buying beta", deal(TALKS, DENIAL, parties=[Party("Alpha", "proposed buyer"), BETA]), f"**Buyer: Alpha (proposed). Stage: In talks** · {REPORTED_TALKS} · “Beta: no talks” · ✕ Denied · 2 Apr 2025 · {LINK}"),
    ("who is buying beta", deal(SIGNED, parties=[Party("*Alpha*", "Käufer"), BETA]), rf"**Buyer: \*Alpha\*. Stage: Signed** · {CONFIRMED_SIGNED}"),
    ("who is buying beta", deal(TALKS, kind=Kind.MERGER, parties=[Party("Alpha", "partner"), Party("Beta", "partner")]), "**No party here is recorded as the buyer**"),
    ("who is buying beta", deal(DENIAL), None),
    # Whether it is still on.
    ("is it still on", deal(SIGNED), f"**Acquisition: no source here says that it is off. Stage: Signed** · {CONFIRMED_SIGNED}"),
    ("is it still on", deal(CLOSED), f"**Acquisition: completed** · ● Confirmed · by Aug 2025 · {LINK}"),
    ("is it still on", deal(SIGNED, OFF), f"**Acquisition: ended without closing. Stage: Terminated** · ● Confirmed · 20 Aug 2025 · {LINK}"),
    ("is it still on", deal(), "**Acquisition: no source here says whether it is still on**"),
    # Why it fell through: an explicit reason, a reported one, none, and a deal that did not.
    ("why did it fall through", deal(SIGNED, OFF_BECAUSE), f"**Reason given:** “Alpha gives up because of the regulator's conditions.” · ● Confirmed · 20 Aug 2025 · {LINK}"),
    ("why did it fall through", deal(SAID_OFF), f"**Reported reason:** “Alpha said to drop Beta, citing its price” · ○ Reported · 20 Aug 2025 · {LINK}"),
    ("why did it fall through", deal(OFF), f"**How it ended:** “Alpha drops Beta” · ● Confirmed · 20 Aug 2025 · {LINK}"),
    ("why was it cancelled", deal(SIGNED), f"**Acquisition: no source here says that it is off. Stage: Signed** · {CONFIRMED_SIGNED}"),
    ("why was it cancelled", deal(replace(OFF, sources=())), "**Acquisition: no source here says whether it is still on**"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "story", "line"), LINES)
def test_a_question_is_answered_from_the_data_alone(question: str, story: Story, line: str | None) -> None:
    assert answer_line(question, story) == line


@pytest.mark.parametrize(
    ("code", "question", "story", "line"),
    [
        ("de", "hat Alpha Beta übernommen?", deal(CLOSED), f"**Übernahme: abgeschlossen** · ● Bestätigt · bis Aug. 2025 · {LINK}"),
        ("es", "¿se cerró la compra de Beta?", deal(CLOSED), f"**Adquisición: se ha completado** · ● Confirmado · ago 2025 o antes · {LINK}"),
        ("ja", "アルファはベータを買収した？", deal(CLOSED), f"**買収：完了済み** · ● 公式発表 · 遅くとも2025年8月 · {LINK}"),
        ("de", "wann wird die Übernahme abgeschlossen", deal(SIGNED, expected=[CLOSING]), f"**Übernahme: Keine Quelle hier meldet den Abschluss. Erwartet:** „Alpha closes the purchase“ · Q4 2025 · {LINK}"),
        ("es", "¿cuánto pagó Alpha por Beta?", deal(CLOSED, terms=[PRICE, OTHER_PRICE]), f"**Valor (Adquisición), las fuentes difieren:** ● 69 mil millones US$ · Confirmado · mayo de 2025 · {LINK} · ○ unos 60 mil millones US$ · Según la prensa · mayo de 2025 · {LINK}"),
        ("ja", "ベータの買収はいくら？", deal(CLOSED, terms=[PRICE]), f"**金額（買収）：** ● 690億米ドル · 公式発表 · 2025年5月 · {LINK}"),
        ("de", "warum ist die Übernahme gescheitert?", deal(SIGNED, OFF_BECAUSE), f"**Genannter Grund:** „Alpha gives up because of the regulator's conditions.“ · ● Bestätigt · 20. Aug. 2025 · {LINK}"),
        ("es", "¿por qué fracasó la compra?", deal(SAID_OFF), f"**Motivo según la prensa:** «Alpha said to drop Beta, citing its price» · ○ Según la prensa · 20 ago 2025 · {LINK}"),
        ("ja", "買収はなぜ破談になった？", deal(OFF), f"**終了の経緯：** 「Alpha drops Beta」 · ● 公式発表 · 2025年8月20日 · {LINK}"),
        ("de", "wer kauft Beta?", deal(TALKS, DENIAL), f"**Käufer: Alpha. Phase: In Gesprächen** · ○ Berichtet · März 2025 · {LINK} · „Beta: no talks“ · ✕ Dementiert · 2. Apr. 2025 · {LINK}"),
        ("es", "¿quién compró Beta?", deal(CLOSED), f"**Comprador: Alpha. Fase: Completada** · ● Confirmado · ago 2025 o antes · {LINK}"),
        ("ja", "誰がベータを買収した？", deal(CLOSED), f"**買い手：Alpha。段階：完了** · ● 公式発表 · 遅くとも2025年8月 · {LINK}"),
        ("de", "ist der Deal noch aktuell?", deal(SIGNED), f"**Übernahme: Keine Quelle hier meldet das Aus. Phase: Unterzeichnet** · ● Bestätigt · 6. Mai 2025 · {LINK}"),
        ("es", "¿sigue en pie la compra?", deal(SIGNED), f"**Adquisición: ninguna de las fuentes citadas dice que se haya cancelado. Fase: Firmada** · ● Confirmado · 6 may 2025 · {LINK}"),
        ("ja", "買収はまだ続いている？", deal(SIGNED), f"**買収：ここの出典に、取りやめの記載はありません。段階：契約締結** · ● 公式発表 · 2025年5月6日 · {LINK}"),
        ("de", "wie viel kostet Beta", deal(CLOSED), "**Keine Quelle hier nennt einen Betrag**"),
        ("es", "¿cuándo se cierra la compra?", deal(), "**Adquisición: ninguna de las fuentes citadas da una fecha de cierre**"),
        ("ja", "買収は完了した？", deal(), "**買収：完了したかどうかは、ここの出典からはわかりません**"),
    ],
)  # fmt: skip
def test_it_is_answered_in_the_readers_language(code: str, question: str, story: Story, line: str) -> None:
    assert answer_line(question, story, code) == line


def test_who_buys_whom_is_told_if_two_companies_are_named() -> None:
    """The question may have it the wrong way round."""
    line = answer_line("did Beta buy Alpha", deal(CLOSED), companies=("Beta", "Alpha"))
    assert line == f"**Acquisition: completed** · ● Confirmed · by Aug 2025 · {LINK} · Buyer: Alpha"


def test_two_that_do_not_deal_with_each_other_get_no_answer() -> None:
    story = deal(CLOSED, parties=[ALPHA, BETA, Party("Gamma", "shareholder")])
    assert answer_line("did Alpha buy Gamma", story, companies=("Alpha", "Gamma")) is None
    assert answer_line("did Alpha buy Beta", story, companies=("Alpha", "Beta")) is not None


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("stage", [Stage.AGREED, Stage.TERMINATED])
def test_it_fits_above_the_fullest_card(code: str, stage: Stage) -> None:
    """Every text is at its limit, and every character is escaped."""
    long = "*" * 9 + " " + "w" * 3_000
    sources = tuple(Source(f"{n} {'P' * 95}", "T" * 390, f"https://example.com/{'x' * 200}") for n in range(4))
    developments = tuple(
        Development(f"{n}", PartialDate(2025, 12, 10 + n), ("*" * 9 + " ") * 19, claim, long, at, sources)
        for n, (claim, at) in enumerate([(Claim.REPORTED, stage), (Claim.DENIED, None), (Claim.REPORTED, None)])
    )
    terms = [
        replace(OTHER_PRICE, key=f"{n}", amount=Decimal(10**18 + n), unit="*" * 40, sources=sources) for n in range(3)
    ]
    events = [replace(CLOSING, key=f"{n}", headline=("*" * 9 + " ") * 19, sources=sources) for n in range(4)]
    story = replace(
        deal(*developments, terms=terms, expected=events, summary=("*" * 9 + " ") * 190),
        headline=("*" * 9 + " ") * 19,
        parties=tuple(Party(f"{n} {'*' * 95}", "investor") for n in range(2)),
        described_state=DescribedState(Stage.RUMOURED, PartialDate(2024, 12, 10)),
    )
    parts, pairs = ("*" * 60,) * 6, (("*" * 60, "*" * 80),) * 3
    with use_language(code):
        for kind in QuestionKind:
            direct = find_direct_answer(kind, story, [party.company for party in story.parties])
            answer = Answer("q", story, (), (), pairs, (), parts, parts, direct=direct, today=TODAY)
            accept(story_card(answer))
