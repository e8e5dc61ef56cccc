"""What delivery makes of an answer: only a listed code of Discord's own fails a post or blocks a destination."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.delivery.pace import LongWait, Unanswered
from bot.delivery.port import Blocked, Gone, Locked, TryAgain, Undeliverable, Unexplained
from bot.publisher.refusals import code_of, delivery_error, in_short, looking_error, refuses_token
from bot.sentences import sentence_of
from tests.wire.local_discord.foreign import CLOUDFLARE_PAGE, FOREIGN

_KINDS: dict[int, type[discord.HTTPException]] = {403: discord.Forbidden, 404: discord.NotFound}


def answered(status: int, body: Any, **headers: str) -> discord.HTTPException:
    """The error that discord.py raises for an answer."""
    given = {"Content-Type": "text/html" if isinstance(body, str) else "application/json", **headers}
    response: Any = SimpleNamespace(status=status, reason="Said", headers=given)
    return _KINDS.get(status, discord.HTTPException)(response, body)


@pytest.mark.parametrize("what", FOREIGN)
def test_what_has_no_listed_code_is_tried_again(what: str) -> None:
    """Its reason is a short sentence, whatever was sent: no page, no line break."""
    error = delivery_error(answered(*FOREIGN[what]))
    assert isinstance(error, Unexplained)
    assert len(error.reason) <= 300
    assert not {"<", "\n"} & set(error.reason)


@pytest.mark.parametrize("status", [*range(400, 430), 451, 499, 500, 502, 503, 504, 520, 521, 522, 524, 525, 530])
@pytest.mark.parametrize(
    "body", ["", "<html>", {}, {"code": 0}, {"code": "50013"}, [], ["x"], {"message": "", "code": 0}]
)
def test_a_status_alone_fails_and_blocks_nothing(status: int, body: Any) -> None:
    error = delivery_error(answered(status, body))
    assert isinstance(error, TryAgain)
    assert error.in_doubt == (status != 429)


def test_an_unlisted_code_leaves_a_doubt_and_a_listed_one_none() -> None:
    """Nobody knows what Discord has done before it answered so."""
    assert delivery_error(answered(403, {"message": "Bots cannot use this endpoint", "code": 20001})).in_doubt
    assert delivery_error(answered(403, {"message": "internal network error", "code": 40333})).in_doubt
    assert not delivery_error(answered(403, {"message": "Missing Access", "code": 50001})).in_doubt


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 50035, Undeliverable),
        (400, 50006, Undeliverable),
        (400, 40067, Undeliverable),
        (413, 40005, Undeliverable),
        (400, 200000, Undeliverable),
        (400, 240000, Undeliverable),
        (403, 50001, Blocked),
        (403, 50013, Blocked),
        (403, 50007, Blocked),
        (403, 50278, Blocked),
        (400, 50008, Blocked),
        (400, 160006, Blocked),
        (400, 50083, Locked),
        (404, 10003, Gone),
        (404, 10004, Gone),
    ],
)
def test_a_listed_code_counts(status: int, code: int, kind: type[Exception]) -> None:
    assert type(delivery_error(answered(status, {"message": "Said so", "code": code}))) is kind


def test_a_listed_code_counts_in_discords_refusals_alone() -> None:
    """A 5xx with such a code is trouble; a page that names a code is a page."""
    assert isinstance(delivery_error(answered(502, {"message": "", "code": 10003})), Unexplained)
    assert isinstance(delivery_error(answered(404, '{"code": 10003}')), Unexplained)


def test_a_reason_is_discords_sentence_in_one_short_line() -> None:
    errors = {"components": {"0": {"_errors": [{"code": "LONG", "message": "Must be shorter. " * 500}]}}}
    error = delivery_error(answered(400, {"message": "Invalid Form Body", "code": 50035, "errors": errors}))
    assert error.reason.startswith("Discord refuses this message: Invalid Form Body In components.0")
    assert len(error.reason) < 300
    assert "\n" not in error.reason


def test_a_look_fails_no_post() -> None:
    """What Discord says of the way in which it was asked is said of no post."""
    assert isinstance(looking_error(answered(400, {"message": "Invalid Form Body", "code": 50035})), Unexplained)
    assert isinstance(looking_error(answered(404, {"message": "Unknown Channel", "code": 10003})), Gone)


def test_a_limit_is_waited_for_as_long_as_it_says_and_not_for_ever() -> None:
    assert _after(answered(429, {"message": "limited", "code": 0}, **{"Retry-After": "12"})) == 12
    assert _after(answered(429, "error code: 1015", **{"Retry-After": "99999999"})) == 3_600
    assert _after(answered(429, "error code: 1015", **{"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})) == 0
    assert _after(LongWait(1_000)) == 1_000


def _after(exc: Exception) -> float:
    error = delivery_error(exc)
    assert isinstance(error, TryAgain)
    return error.after


@pytest.mark.parametrize(
    "exc",
    [
        aiohttp.ServerDisconnectedError(),
        Unanswered(200),
        Unanswered(503),
        OSError("x" * 9_000),
        json.JSONDecodeError("x" * 9_000, "", 0),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"),
    ],
)
def test_a_broken_answer_is_a_doubt(exc: Exception) -> None:
    error = delivery_error(exc)
    assert isinstance(error, Unexplained)
    assert error.in_doubt
    assert len(error.reason) < 120
    assert len(in_short(exc)) <= 200


def test_only_discords_own_401_is_about_the_token() -> None:
    assert refuses_token(answered(401, {"message": "401: Unauthorized", "code": 0}))
    assert not refuses_token(answered(401, "<html>Proxy authentication</html>"))
    assert not refuses_token(answered(401, {"message": "Invalid Webhook Token", "code": 50027}))


def test_the_log_has_no_pages() -> None:
    assert in_short(answered(403, CLOUDFLARE_PAGE)) == "403 without a reason"
    assert in_short(answered(403, {"message": "Missing Access", "code": 50001})) == "403, Missing Access (50001)"


def test_people_are_told_of_permissions_for_discords_own_codes_alone(caplog: pytest.LogCaptureFixture) -> None:
    """A page of Cloudflare's says nothing about permissions, and is no bug with a traceback."""
    said = sentence_of(answered(403, {"message": "Missing Permissions", "code": 50013}))
    assert "does not let the bot do that here" in said
    for status, body in FOREIGN.values():
        if not isinstance(body, str):
            continue
        said = sentence_of(answered(status, body))
        assert said == "Discord is not answering as it should; try again in a minute."
    assert "cf-error" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)
    assert code_of(answered(403, CLOUDFLARE_PAGE)) == 0
