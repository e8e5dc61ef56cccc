"""What ``check`` makes of Discord's clock and of its limits on shards."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.clock import utc_now
from bot.model.findings import Finding, Severity
from bot.platforms.discord.checks import application
from bot.platforms.discord.checks.application import check_discord
from bot.platforms.discord.checks.clock import compute_difference, judge_difference
from bot.platforms.discord.checks.invitations import JoinedGuild, check_invitations
from bot.platforms.discord.checks.shards import check_shards
from bot.platforms.discord.client import PERMISSIONS
from bot.platforms.discord.session_starts import StartLimit
from bot.settings import Settings

ADMINISTRATOR = 1 << 3
NOW = datetime(2026, 12, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Tue, 01 Dec 2026 12:00:00 GMT", 0.0),
        ("Tue, 01 Dec 2026 12:01:00 GMT", -60.0),
        ("Tue, 01 Dec 2026 12:01:00 +0100", 3540.0),
        ("Tue, 01 Dec 2026 11:00:00", 3600.0),
        ("", None),
        ("yesterday", None),
        ("Tue, 99 Dec 2026 12:00:00 GMT", None),
        ("9" * 5000, None),
    ],
)
def test_the_difference_of_the_clocks(header: str, seconds: float | None) -> None:
    assert compute_difference(NOW, header) == seconds


@pytest.mark.parametrize(
    ("seconds", "severity", "words"),
    [
        (4.9, Severity.OK, "agrees with Discord's"),
        (-5.0, Severity.OK, "agrees with Discord's"),
        (6.0, Severity.NOTE, "is 6 seconds ahead of Discord's. Digests, quiet hours, reminders"),
        (-130.0, Severity.NOTE, "is 2 minutes behind Discord's."),
        (7200.0, Severity.PROBLEM, "is 2 hours ahead of Discord's."),
        (timedelta(days=-400).total_seconds(), Severity.PROBLEM, "is 400 days behind Discord's."),
    ],
)
def test_a_wrong_clock_is_named_with_its_effects(seconds: float, severity: Severity, words: str) -> None:
    finding = judge_difference(seconds)
    assert finding.severity is severity
    assert words in finding.text
    assert severity is Severity.OK or finding.text.endswith("sudo timedatectl set-ntp true")


def judge(
    servers: int, configured: int | None = None, recommended: int = 1, own: int | None = None, **limit: int
) -> list[Finding]:
    data = {"total": 1000, "remaining": 1000, "reset_after": 7_200_000, "max_concurrency": 1, **limit}
    return list(
        check_shards(
            StartLimit.from_discord(data),
            configured_count=configured,
            recommended_count=recommended,
            own_count=own or configured or recommended,
            server_count=servers,
        )
    )


def test_few_servers_need_one_shard() -> None:
    text = "A start of the bot starts 1 shard; 1,000 of 1,000 starts of a shard are left for the next 2 hours."
    assert judge(10) == [Finding.ok(text)]


def test_too_few_shards_must_be_fixed() -> None:
    """2,500 servers fit into one, 2,501 do not."""
    assert [each.severity for each in judge(2_500, configured=1)] == [Severity.OK]
    problem, _ = judge(2_501, configured=1, recommended=3)
    assert problem.severity is Severity.PROBLEM
    assert problem.text.endswith("Set SHARD_COUNT=3, or leave it unset.")
    assert judge(60_000, configured=4, recommended=4)[0].text.endswith("Set SHARD_COUNT=24, or leave it unset.")


def test_fewer_shards_than_recommended_are_noted() -> None:
    note, _ = judge(3_000, configured=2, recommended=3)
    assert note == Finding.note("SHARD_COUNT is 2, and Discord recommends 3. Set SHARD_COUNT=3, or leave it unset.")


def test_a_start_that_discord_would_refuse_must_be_fixed() -> None:
    for remaining in (13, 113):
        (problem,) = judge(30_000, recommended=14, remaining=remaining)
        assert problem.severity is Severity.PROBLEM
        assert problem.text.startswith(
            f"{remaining} of 1,000 starts of a shard are left for the next 2 hours. A start of the bot needs 14 and keeps 100 in"
            " reserve, so it does not start. Wait until then, and find out why"
        )
    (note,) = judge(30_000, recommended=14, remaining=114)
    assert note.severity is Severity.NOTE
    (note,) = judge(30_000, recommended=14, remaining=139)
    assert note.severity is Severity.NOTE


def test_a_process_counts_its_own_shards() -> None:
    (fine,) = judge(30_000, configured=16, own=4, recommended=14, remaining=500, max_concurrency=2)
    assert fine.text.startswith("A start of the bot starts 4 shards of 16, in about 10 seconds; 500 of 1,000")


def joined(name: str, permissions: int) -> JoinedGuild:
    return JoinedGuild(1, name, discord.Permissions(permissions), 0)


def test_servers_with_another_invitation_are_named() -> None:
    """Administrators have every permission. The names of servers are not unique."""
    needed = PERMISSIONS.value
    assert [each.severity for each in check_invitations([joined("A", needed), joined("A", ADMINISTRATOR)])] == [
        Severity.OK
    ]
    assert list(check_invitations([])) == []
    (note,) = check_invitations(
        [joined("A", needed), joined("A", needed & ~discord.Permissions(embed_links=True).value)]
    )
    assert note.severity is Severity.NOTE
    assert note.text.startswith("In the server A, the bot lacks Embed Links. Open the invite link again")
    many = list(check_invitations([joined(str(number), 0) for number in range(8)]))
    assert len(many) == 6
    assert many[-1].text == "In 3 more servers, the bot lacks permissions."


async def test_a_discord_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a firewall that drops packets."""

    @contextlib.asynccontextmanager
    async def hang(*_: object, **__: object) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr(application, "open_probe", hang)
    (problem,) = await check_discord(Settings(discord_token="token"), None, utc_now, total_seconds=0.0)
    assert problem.severity is Severity.PROBLEM
    assert problem.text.startswith("Discord did not answer within 0 seconds at https://discord.com/")
    assert "internet connection, name server and firewall" in problem.text
