"""``status``: the health of the bot."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.set_aside import set_aside_posts_button
from bot.cards.simple_cards import facts_card
from bot.delivery.monitor import SystemStats
from bot.languages import format_number, format_series, say, say_as, say_count
from bot.platforms.discord.client import Context, Dealwire, Interaction, hybrid_command
from bot.services import Services
from cogs.permissions import answer_privately, get_bot
from cogs.persistent import PersistentItem, reply_privately


class StatusCog(commands.Cog):
    """The ``status`` command."""

    @hybrid_command()
    async def status(self, ctx: Context) -> None:
        """Show the bot's health: stories, follows, queued posts and disabled features."""
        await answer_privately(ctx, _build_card, custom_ids.STATUS.build())


class StatusButton(PersistentItem, template=custom_ids.STATUS.pattern):
    """The button under a typed ``status``."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the status to the user alone."""
        await reply_privately(interaction, await _build_card(interaction))


async def _build_card(ctx: Context | Interaction) -> discord.ui.LayoutView:
    """Return the card with the bot's figures."""
    bot = get_bot(ctx)
    services = bot.services
    stats = await services.delivery_monitor.get_stats()
    facts = [
        (say_as("status", "Stories"), format_number(stats.story_count)),
        (say_as("status", "Follows"), format_number(stats.follow_count)),
        *_describe_posts(stats),
        (say_as("status", "Feeds"), await _describe_feeds(services)),
        (say_as("status", "The desk's queue"), await _describe_queue(services)),
        (say_as("status", "Typed commands"), _describe_typed_commands(services)),
        (say_as("status", "Servers"), _describe_servers(bot)),
        (say_as("status", "Gateway"), _format_latency(bot.latency)),
        (say_as("status", "Uptime"), _describe_uptime(services)),
    ]
    card = facts_card(facts)
    if stats.outbox.set_aside_count:
        card.add_item(discord.ui.ActionRow(set_aside_posts_button()))
    return card


async def _describe_feeds(services: Services) -> str:
    feeds = await services.feed_subscriptions.list_feeds()
    broken_count = sum(feed.is_broken for feed in feeds)
    if not broken_count:
        return format_number(len(feeds))
    # Translators: of {feeds} feeds so many are broken
    return say_count(
        "{feeds}, {count} failing",
        "{feeds}, {count} failing",
        broken_count,
        feeds=format_number(len(feeds)),
    )


async def _describe_queue(services: Services) -> str:
    article_count, report_count = (
        await services.review_queue.count_waiting(),
        await services.reader_reports.count_waiting(),
    )
    failure_count = await services.failed_work.count()
    parts = [
        say_count("{count} article", "{count} articles", article_count),
        say_count("{count} reader report", "{count} reader reports", report_count),
    ]
    if failure_count:
        # Translators: articles that could not be processed after several attempts
        parts.append(say_count("{count} article set aside", "{count} articles set aside", failure_count))
    return format_series(parts)


def _describe_servers(bot: Dealwire) -> str:
    count = format_number(len(bot.guilds))
    if bot.is_alone:
        return count
    # Translators: how many servers; each process of the bot runs some of its shards
    return say(
        "{servers} in this process, on {shards} of {total} shards",
        servers=count,
        shards=format_number(len(bot.own_shard_ids)),
        total=format_number(bot.shard_count or 1),
    )


def _describe_uptime(services: Services) -> str:
    since = discord.utils.format_dt(services.started_at, "R")
    # Translators: {since} is as in "2 hours ago"
    return say("started {since}, version {version}", since=since, version=services.version)


def _describe_typed_commands(services: Services) -> str:
    prefix = services.settings.command_prefix
    if services.is_message_content_off:
        return say(
            "off: the message-content intent is missing, so `{prefix}deal` doesn't work; mentions "
            "and slash commands do",
            prefix=prefix,
        )
    return say("on, with `{prefix}`", prefix=prefix)


def _describe_posts(stats: SystemStats) -> list[tuple[str, str]]:
    """Return the facts on posts and corrections."""
    backlog = stats.outbox
    counts = {
        "sent": format_number(backlog.sent_count),
        "waiting": format_number(backlog.waiting_count),
        "failed": format_number(backlog.failed_count),
    }
    if backlog.oldest_waiting_at:
        oldest = discord.utils.format_dt(backlog.oldest_waiting_at, "R")
        # Translators: figures of posts; {oldest} is as in "2 hours ago"
        posts = say(
            "{sent} sent, {waiting} queued (the oldest from {oldest}), {failed} failed", oldest=oldest, **counts
        )
    else:
        posts = say("{sent} sent, {waiting} queued, {failed} failed", **counts)
    set_aside_count = backlog.set_aside_count
    # Translators: posts that Discord refused for hours, about which the desk decides
    set_aside_fact = (
        [(say_as("status", "Set aside"), say_count("{count} post", "{count} posts", set_aside_count))]
        if set_aside_count
        else []
    )
    return [
        (say_as("status", "Posts"), posts),
        *set_aside_fact,
        (say_as("status", "Corrections"), say_count("{count} waiting", "{count} waiting", backlog.correction_count)),
        (say_as("status", "Possible duplicates"), _describe_doubts(backlog.doubtful_count)),
    ]


def _describe_doubts(count: int) -> str:
    return say_count(
        "{count} post resent where the channel history could not be read",
        "{count} posts resent where the channel history could not be read",
        count,
    )


def _format_latency(latency: float) -> str:
    """Format the latency of the gateway. Before the first heartbeat, discord.py returns NaN or infinity."""
    if latency != latency or latency >= 600:
        return say("no answer yet")
    return say("{milliseconds} ms", milliseconds=format_number(round(latency * 1000)))


async def setup(bot: Dealwire) -> None:
    """Add the command and its button."""
    bot.add_dynamic_items(StatusButton)
    await bot.add_cog(StatusCog())
