"""Reasons in the store: messages with their values, also those of stores that have them as English sentences."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from importlib import import_module
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from bot.delivery.subscriptions import Subscriptions
from bot.languages import Message, localize, say, use_language
from bot.languages.catalogues import read_catalogue
from bot.model.follow import EVERYTHING, PAUSED_BY, FollowState
from bot.store import Store, open_store
from bot.store.migrations.reworded_messages import REWORDED
from bot.store.outbox.deliveries import WITHDRAWN_REASON
from tests.store.material import HandClock, channel, url_of
from tests.store.older import rebuild_at_revision

SENTENCES = (
    "paused by <@42>",
    "Discord answered 502",
    str(WITHDRAWN_REASON),
    "TypeError: nobody's message",
)


async def test_a_stored_reason_is_shown_in_another_language(store: Store, clock: HandClock) -> None:
    subscriptions = Subscriptions(store, clock)
    follow, _ = await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    with use_language("de"):
        paused = await subscriptions.pause(follow.id, actor="<@42>")
        expected = say(PAUSED_BY, who="<@42>")
        assert (paused.state, paused.reason) == (FollowState.PAUSED, "paused by <@42>")
        assert localize((await subscriptions.get(follow.id)).reason) == expected


async def test_sentences_of_before_become_messages(tmp_path: Path, clock: HandClock) -> None:
    """What is no message of ours stays as it is."""
    file = tmp_path / "dealwire.db"
    async with open_store(url_of(file)) as store:
        subscriptions = Subscriptions(store, clock)
        for number in range(1, len(SENTENCES) + 1):
            await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.executemany(
            "UPDATE follow SET reason = ? WHERE id = ?", [(each, i) for i, each in enumerate(SENTENCES, 1)]
        )
    upgrade(file)
    with contextlib.closing(sqlite3.connect(file)) as rows:
        stored = [json.loads(text) for (text,) in rows.execute("SELECT reason FROM follow ORDER BY id")]
    assert stored == [
        {"message": PAUSED_BY, "values": {"who": "<@42>"}},
        {"message": "Discord answered {status}", "values": {"status": "502"}},
        {"message": WITHDRAWN_REASON},
        "TypeError: nobody's message",
    ]
    async with open_store(url_of(file)) as store:
        reasons = [(await Subscriptions(store, clock).get(i)).reason for i in range(1, len(SENTENCES) + 1)]
    assert reasons == list(SENTENCES)
    assert [isinstance(each, Message) for each in reasons] == [True, True, True, False]


def test_sentences_in_an_old_wording_become_those_of_today() -> None:
    step = import_module("bot.store.migrations.versions.s0016_messages")
    encoder = step.Encoder()
    known = {message.id for message in read_catalogue("de")} | REWORDED.keys()
    assert [message for message in step.FORMER.values() if message not in known] == []
    assert json.loads(encoder.encode("Reading it took longer than reading may.")) == {
        "message": "Reading it took too long."
    }
    assert json.loads(encoder.encode("x.example asked to be left alone until 12:00 UTC.")) == {
        "message": "{host} asked for no more requests until {when} UTC.",
        "values": {"host": "x.example", "when": "12:00"},
    }


async def test_a_reason_in_a_former_wording_is_translated(tmp_path: Path, clock: HandClock) -> None:
    """Also one that is a value of another message; an editor's own words stay as they are."""
    file = tmp_path / "dealwire.db"
    stored = {
        '{"message": "the channel is gone"}': "den Kanal gibt es nicht mehr",
        '{"message": "Discord refuses it: {text}", "values": {"text": {"message": "the server is gone"}}}': (
            "Discord lehnt es ab: den Server gibt es nicht mehr"
        ),
        "the channel is gone": "the channel is gone",
    }
    async with open_store(url_of(file)) as store:
        subscriptions = Subscriptions(store, clock)
        for number in range(1, len(stored) + 1):
            await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
    rebuild_at_revision(file, "0029")
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.executemany("UPDATE follow SET reason = ? WHERE id = ?", [(text, i) for i, text in enumerate(stored, 1)])
    with use_language("de"):
        async with open_store(url_of(file)) as store:
            reasons = [localize((await Subscriptions(store, clock).get(i)).reason) for i in range(1, len(stored) + 1)]
    assert reasons == list(stored.values())


def test_every_reworded_message_has_its_present_wording() -> None:
    known = {
        form
        for message in read_catalogue("de")
        if message.id and not message.context
        for form in ([message.id] if isinstance(message.id, str) else message.id)
    }
    assert [present for present in REWORDED.values() if present not in known] == []
    assert [former for former in REWORDED if former in known] == []


def upgrade(file: Path) -> None:
    """Run the one migration."""
    step = import_module("bot.store.migrations.versions.s0016_messages")
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        step.upgrade()
    engine.dispose()
