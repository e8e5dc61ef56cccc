"""Trials of the benchmark that kills the bot, for tests: a followed server of which a test decides what happens in it."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
from discord.http import Route

from benchmarks.clock import TrialClock
from benchmarks.crash import local_discord, set_up
from benchmarks.places import Sort, Spot
from benchmarks.trial import Trial
from bot.platforms.discord.publisher import DiscordPublisher
from bot.store import open_store
from tests.local_discord import Channel


@asynccontextmanager
async def open_trial(
    folder: Path, *, nonce_memory: float = 60.0, each: bool = True, own_clock: bool = False
) -> AsyncIterator[Trial]:
    """Open a trial in which nothing is published yet and no bot runs.

    One channel follows everything, and with `each` one place of every other sort. With `own_clock` Discord does not share
    the bot's clock.
    """
    clock = TrialClock(folder / ("discord-clock" if own_clock else "clock"))
    async with (
        local_discord(clock, nonce_memory=nonce_memory) as here,
        open_store(f"sqlite:///{folder / 'trial.db'}") as store,
    ):
        yield await set_up(here, store, random.Random(1), 1, folder, each=each)  # noqa: S311 - repeatable, not secret


@asynccontextmanager
async def open_publisher(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordPublisher]:
    """Log a client in that has no gateway connection, and make a publisher of it."""
    monkeypatch.setattr(Route, "BASE", trial.discord.api_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(trial.discord.token)
        yield DiscordPublisher(client)


def get_spot(trial: Trial, sort: Sort) -> Spot:
    """Return the trial's spot of this sort."""
    spot = trial.spot(sort)
    assert spot is not None
    return spot


def get_channel(trial: Trial, sort: Sort) -> Channel:
    """Return the channel of the trial's spot of this sort."""
    return get_spot(trial, sort).channel
