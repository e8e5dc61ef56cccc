"""What delivery makes of an answer: only a listed code of Discord's own fails a post or blocks a destination."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.delivery.port import (
    DestinationBlocked,
    DestinationGone,
    ThreadLocked,
    TryAgain,
    Undeliverable,
    UnexplainedRefusal,
)
from bot.platforms.discord.error_mapping import (
    get_error_code,
    is_token_refused,
    summarize_error,
    to_delivery_error,
    to_search_error,
)
from bot.platforms.discord.error_messages import build_error_message
from bot.platforms.discord.rate_limiter import AmbiguousResponse, LongRateLimit
from bot.platforms.discord.rest_proxy import ProxyRateLimit
from tests.local_discord.foreign import CLOUDFLARE_PAGE, FOREIGN

_KINDS: dict[int, type[discord.HTTPException]] = {403: discord.Forbidden, 404: discord.NotFound}


def answered(status: int, body: Any, **headers: str) -> discord.HTTPException:
    """Return the error that discord.py raises for an answer."""
    given = {"Content-Type": "text/html" if isinstance(body, str) else "application/json", **headers}
    response: Any = SimpleNamespace(status=status, reason="Said", headers=given)
    return _KINDS.get(status, discord.HTTPException)(response, body)


def proxy_limit(wait: float) -> ProxyRateLimit:
    """Return the error for a proxy's own 429."""
    response: Any = SimpleNamespace(status=429, reason="Said", headers={})
    return ProxyRateLimit(response, wait)


@pytest.mark.parametrize("what", FOREIGN)
def test_what_has_no_listed_code_is_tried_again(what: str) -> None:
    """Its reason is a short sentence, whatever was sent: no page, no line break."""
    error = to_delivery_error(answered(*FOREIGN[what]))
    assert isinstance(error, UnexplainedRefusal)
    assert len(error.reason) <= 300
    assert not {"<", "\n"} & set(error.reason)


@pytest.mark.parametrize("status", [*range(400, 430), 451, 499, 500, 502, 503, 504, 520, 521, 522, 524, 525, 530])
@pytest.mark.parametrize(
    "body", ["", "<html>", {}, {"code": 0}, {"code": "50013"}, [], ["x"], {"message": "", "code": 0}]
)
def test_a_status_alone_fails_and_blocks_nothing(status: int, body: Any) -> None:
    error = to_delivery_error(answered(status, body))
    assert isinstance(error, TryAgain)
    assert error.in_doubt


def test_an_unlisted_code_leaves_a_doubt_and_a_listed_one_none() -> None:
    """Nobody knows what Discord has done before it answered so."""
    assert to_delivery_error(answered(403, {"message": "Bots cannot use this endpoint", "code": 20001})).in_doubt
    assert to_delivery_error(answered(403, {"message": "internal network error", "code": 40333})).in_doubt
    assert not to_delivery_error(answered(403, {"message": "Missing Access", "code": 50001})).in_doubt


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 50035, Undeliverable),
        (400, 50006, Undeliverable),
        (400, 40067, Undeliverable),
        (413, 40005, Undeliverable),
        (400, 200000, Undeliverable),
        (400, 240000, Undeliverable),
        (403, 50001, DestinationBlocked),
        (403, 50013, DestinationBlocked),
        (403, 50007, DestinationBlocked),
        (403, 50278, DestinationBlocked),
        (400, 50008, DestinationBlocked),
        (400, 160006, DestinationBlocked),
        (400, 50083, ThreadLocked),
        (400, 160005, ThreadLocked),
        (403, 160005, ThreadLocked),
        (404, 10003, DestinationGone),
        (404, 10004, DestinationGone),
    ],
)
def test_a_listed_code_counts(status: int, code: int, kind: type[Exception]) -> None:
    assert type(to_delivery_error(answered(status, {"message": "Said so", "code": code}))) is kind


def test_a_listed_code_counts_in_discords_refusals_alone() -> None:
    """A 5xx with such a code is trouble; a page that names a code is a page."""
    assert isinstance(to_delivery_error(answered(502, {"message": "", "code": 10003})), UnexplainedRefusal)
    assert isinstance(to_delivery_error(answered(404, '{"code": 10003}')), UnexplainedRefusal)


def test_a_reason_is_discords_sentence_in_one_short_line() -> None:
    errors = {"components": {"0": {"_errors": [{"code": "LONG", "message": "Must be shorter. " * 500}]}}}
    error = to_delivery_error(answered(400, {"message": "Invalid Form Body", "code": 50035, "errors": errors}))
    assert error.reason.startswith("Discord refused this message: Invalid Form Body In components.0")
    assert len(error.reason) < 300
    assert "\n" not in error.reason


def test_a_look_fails_no_post() -> None:
    """What Discord says of the way in which it was asked is said of no post."""
    assert isinstance(
        to_search_error(answered(400, {"message": "Invalid Form Body", "code": 50035})), UnexplainedRefusal
    )
    assert isinstance(to_search_error(answered(404, {"message": "Unknown Channel", "code": 10003})), DestinationGone)


def test_only_discords_own_limit_leaves_no_doubt() -> None:
    """A proxy of a cluster answers 429 when the connection to the next one breaks, which may have passed the post on."""
    body = {"message": "You are being rate limited.", "retry_after": 1, "global": False}
    own = to_delivery_error(answered(429, body, Via="1.1 google"))
    assert isinstance(own, TryAgain)
    assert not own.in_doubt
    for headers in (
        {},
        {"Via": "1.1 proxy", "generated-by-proxy": "true"},
        {"Via": "1.1 proxy", "Content-Type": "text/plain"},
    ):
        error = to_delivery_error(answered(429, body, **headers))
        assert isinstance(error, UnexplainedRefusal)
        assert error.in_doubt
    assert to_delivery_error(proxy_limit(7)).in_doubt


def test_a_rate_limit_is_waited_for_but_not_for_ever() -> None:
    assert _after(answered(429, {"message": "limited", "code": 0}, **{"Retry-After": "12"})) == 12
    assert _after(answered(429, "error code: 1015", **{"Retry-After": "99999999"})) == 3_600
    assert _after(answered(429, "error code: 1015", **{"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})) == 0
    assert _after(LongRateLimit(1_000)) == 1_000
    assert _after(proxy_limit(12)) == 12
    assert _after(answered(429, "", **{"Retry-After": "nan"})) == 0


def _after(exc: Exception) -> float:
    error = to_delivery_error(exc)
    assert isinstance(error, TryAgain)
    return error.retry_after


@pytest.mark.parametrize(
    "exc",
    [
        aiohttp.ServerDisconnectedError(),
        AmbiguousResponse(200),
        AmbiguousResponse(503),
        proxy_limit(1),
        OSError("x" * 9_000),
        json.JSONDecodeError("x" * 9_000, "", 0),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"),
    ],
)
def test_a_broken_answer_is_a_doubt(exc: Exception) -> None:
    error = to_delivery_error(exc)
    assert isinstance(error, UnexplainedRefusal)
    assert error.in_doubt
    assert len(error.reason) < 120
    assert len(summarize_error(exc)) <= 200


def test_only_discords_own_401_is_about_the_token() -> None:
    assert is_token_refused(answered(401, {"message": "401: Unauthorized", "code": 0}))
    assert not is_token_refused(answered(401, "<html>Proxy authentication</html>"))
    assert not is_token_refused(answered(401, {"message": "Invalid Webhook Token", "code": 50027}))


def test_the_log_has_no_pages() -> None:
    assert summarize_error(answered(403, CLOUDFLARE_PAGE)) == "403 without a reason"
    assert summarize_error(answered(403, {"message": "Missing Access", "code": 50001})) == "403, Missing Access (50001)"


def test_only_discords_own_codes_lead_to_words_on_permissions(caplog: pytest.LogCaptureFixture) -> None:
    """A page of Cloudflare's says nothing about permissions, and is no bug with a traceback."""
    said = build_error_message(answered(403, {"message": "Missing Permissions", "code": 50013}))
    assert "doesn't let the bot do that here" in said
    for status, body in FOREIGN.values():
        if not isinstance(body, str):
            continue
        said = build_error_message(answered(status, body))
        assert said == "Discord isn't responding properly; try again in a minute."
    assert "cf-error" not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)
    assert get_error_code(answered(403, CLOUDFLARE_PAGE)) == 0
