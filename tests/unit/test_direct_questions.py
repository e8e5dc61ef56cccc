"""Which questions one line can answer, in every language; and which sentences give a reason."""

from __future__ import annotations

import pytest

from bot.query.lexicon import QuestionKind
from bot.query.question_kinds import find_question_kind, gives_reason, is_per_share

QUESTIONS = {
    QuestionKind.CLOSED: (
        "did the acme bolt deal close", "has Acme bought Bolt?", "didn't Acme acquire Bolt yet?", "is the merger completed", "will acme buy bolt",
        "hat Acme Bolt übernommen?", "ist die Fusion abgeschlossen?", "wurde Bolt gekauft",
        "¿se cerró la compra de Bolt?", "¿ha comprado Acme a Bolt?", "¿compró Acme Bolt?", "está completada la fusión",
        "アクメはボルトを買収した？", "買収は完了しましたか", "経営統合は成立したのか",
    ),
    QuestionKind.CLOSING_DATE: (
        "when does the acme deal close", "when will Acme complete Bolt", "when did acme buy bolt", "closing date acme bolt",
        "wann wird die Übernahme abgeschlossen?", "wann hat Acme Bolt gekauft", "cuándo se cierra la compra", "¿cuándo compró Acme a Bolt?",
        "買収はいつ完了する？", "いつボルトを買収した", "完了予定日は",
    ),
    QuestionKind.AMOUNT: (
        "how much did acme pay for bolt", "how much is the deal worth", "how much is acme offering for bolt", "what did Acme pay for Bolt", "what is the price",
        "wie viel zahlt Acme für Bolt", "wieviel kostet die Übernahme", "was hat Acme bezahlt", "wie hoch ist der Kaufpreis",
        "cuánto pagó Acme por Bolt", "¿cuánto vale la operación?", "¿por cuánto compró Acme a Bolt?",
        "買収額は", "ボルトの買収はいくら？", "買収金額は？",
    ),
    QuestionKind.PRICE_PER_SHARE: ("how much per share does Acme pay", "bolt price per share", "wie viel zahlt Acme je Aktie", "cuánto paga por acción", "1株あたりいくら"),
    QuestionKind.STAKE: ("how much of Bolt does Acme own", "how big is the stake", "wie viel Prozent von Bolt hat Acme", "qué porcentaje compra Acme", "ボルトへの出資比率は？"),
    QuestionKind.BUYER: (
        "who is buying bolt", "who's buying Bolt?", "who bought bolt", "who wants to buy bolt", "which company acquired bolt", "Bolt was bought by whom",
        "wer kauft Bolt", "wer hat Bolt übernommen?", "wer will Bolt kaufen", "¿quién compró Bolt?", "quién quiere comprar Bolt",
        "誰がボルトを買収した？", "ボルトはどこに買収された", "買い手は誰",
    ),
    QuestionKind.STILL_ON: (
        "is the acme bolt deal still on", "is acme still buying bolt?", "is acme buying bolt", "did the merger fall through", "was the deal blocked", "is it off",
        "when was it called off", "ist der Deal noch aktuell", "läuft die Fusion noch?", "kauft Acme Bolt noch", "ist die Übernahme geplatzt?",
        "¿sigue en pie la fusión?", "¿se canceló la compra?", "買収はまだ続いている？", "買収は中止されましたか",
    ),
    QuestionKind.REASON: (
        "why did the acme deal fall through", "why was it cancelled", "why was the merger blocked", "what killed the deal",
        "warum ist die Übernahme gescheitert", "wieso wurde die Fusion abgesagt", "por qué fracasó la compra", "¿por qué se canceló la fusión?",
        "買収はなぜ破談になった？", "中止の理由は", "どうして統合を断念したの",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "question"), [(kind, text) for kind, texts in QUESTIONS.items() for text in texts])
def test_a_question_is_recognised(kind: QuestionKind, question: str) -> None:
    assert find_question_kind(question) is kind


@pytest.mark.parametrize(
    "text",
    [
        "acme bolt", "acme bolt merger", "acme bolt completed 2025", "compra de Bolt", "Übernahme Bolt", "who sold Bolt", "a quién compró Acme",
        "who was bought by Acme", "who is Acme buying", "when does the trial start", "how much longer does the review take", "アクメ 買収", "ボルト 破談", "",
        "when when when " * 500,
    ],
)  # fmt: skip
def test_other_questions_have_no_direct_answer(text: str) -> None:
    assert find_question_kind(text) is None


@pytest.mark.parametrize(
    ("sentence", "has_reason"),
    [
        ("Acme drops the deal, citing the conditions of the regulator", True),
        ("The merger ends for want of approval.", True),
        ("Die Übernahme platzt wegen der Auflagen", True),
        ("La compra se cancela debido a las condiciones", True),
        ("独占禁止法を理由に撤回", True),
        ("Acme ends the talks without giving a reason", False),
        ("Acme gave no reason, because it did not have to", False),
        ("Die Fusion ist beendet, ohne Angabe von Gründen", False),
        ("Acme and Bolt end their merger", False),
    ],
)
def test_only_a_sentence_that_says_so_gives_a_reason(sentence: str, has_reason: bool) -> None:
    assert gives_reason(sentence) is has_reason


def test_an_amount_per_share_is_told_from_others() -> None:
    assert is_per_share("Acme offers $95 a share")
    assert not is_per_share("Acme offers $5bn for the shares")
