"""The ``feeds`` commands of the desk: add, list, pause, resume, remove, check, import and export.

They are slash-only.
"""

from __future__ import annotations

import asyncio
import io

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.components import button
from bot.cards.escaping import escape_line
from bot.cards.feeds import feed_card, feed_check_card, feed_list_card, select_page
from bot.cards.simple_cards import success_card
from bot.errors import InputError
from bot.languages import format_number, lazy, say, say_as, say_count
from bot.model.feed import FeedState
from bot.newsroom.feeds.opml import SIZE_LIMIT, read_opml, write_opml
from bot.platforms.discord.client import Context, Dealwire, Interaction
from cogs.autocomplete import MAX_CHOICES, make_choice
from cogs.editors import EditorsGroup, check_editor, get_actor
from cogs.persistent import PersistentItem, reply_privately
from cogs.vocabulary_option import OptionalTrust

_PAUSE_MESSAGES = {
    FeedState.PAUSED: lazy("**This feed is paused.**"),
    # Translators: of a feed that its publisher has taken down for good, and that is polled no more anyway
    FeedState.GONE: lazy("**Its publisher has shut it down.**"),
}


class FeedsGroup(EditorsGroup):
    """The ``feeds`` command group."""

    def __init__(self, bot: Dealwire) -> None:
        super().__init__(bot, "feeds", "Manage the news feeds.")
        self._services = bot.services
        self._feeds = bot.services.feed_subscriptions

    @app_commands.command()
    @app_commands.describe(
        address="the feed's address, or that of a page that links to it",
        trust="auto: publish what is certain; review (default): an editor decides",
        title="what to call it (default: its own title)",
    )
    async def add(self, interaction: Interaction, address: str, trust: OptionalTrust = None, title: str = "") -> None:
        """Add a feed; only items published from now on count as news."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        fetcher, parser = await self._services.feed_tools.open_tools()
        feed, is_new = await self._feeds.add(
            fetcher, parser, address, title=title, trust=trust, by=get_actor(interaction)
        )
        message = (
            say("**Added.** Only items published from now on count as news.")
            if is_new
            else say("**This feed was already added.**")
        )
        await interaction.followup.send(view=feed_card(feed, message), ephemeral=True)

    @app_commands.command(name="list")
    async def list_feeds(self, interaction: Interaction) -> None:
        """List the feeds, their health, and what the bot does without asking."""
        await interaction.response.send_message(view=await _build_page(interaction, 0), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(feed="the feed, by its number or its address")
    async def pause(self, interaction: Interaction, feed: str) -> None:
        """Pause a feed."""
        paused_feed = await self._feeds.pause(feed, by=get_actor(interaction))
        message = say(_PAUSE_MESSAGES[paused_feed.state])
        await interaction.response.send_message(view=feed_card(paused_feed, message), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(feed="the feed, by its number or its address")
    async def resume(self, interaction: Interaction, feed: str) -> None:
        """Resume a feed, even one that its publisher has shut down."""
        resumed_feed = await self._feeds.resume(feed, by=get_actor(interaction))
        message = say("**Resumed.**")
        await interaction.response.send_message(view=feed_card(resumed_feed, message), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(feed="the feed, by its number or its address")
    async def remove(self, interaction: Interaction, feed: str) -> None:
        """Remove a feed; its past articles stay."""
        removed_feed = await self._feeds.remove(feed, by=get_actor(interaction))
        message = say("Removed the feed **{feed}**; its past articles stay.", feed=escape_line(removed_feed.label, 200))
        await interaction.response.send_message(view=success_card(message), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(address="the feed's address, or that of a page that links to it")
    async def check(self, interaction: Interaction, address: str) -> None:
        """Preview a feed without storing anything."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        preview = await self._services.feed_tools.preview(self._services.store, address)
        matches = await self._services.article_matcher.match(preview.new_articles)
        card = feed_check_card(preview.url, preview.title, preview.articles, preview.skipped, matches)
        await interaction.followup.send(view=card, ephemeral=True)

    @app_commands.command(name="import")
    @app_commands.describe(file="an OPML subscription list")
    async def import_feeds(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Add the feeds of an OPML subscription list."""
        if file.size > SIZE_LIMIT:
            expectation = say(
                "expected at most {limit} bytes, but it has {size}",
                limit=format_number(SIZE_LIMIT),
                size=format_number(file.size),
            )
            raise InputError("file", expectation)
        await interaction.response.defer(ephemeral=True, thinking=True)
        # A hostile list of this size takes a second to parse.
        feed_list_file = await asyncio.to_thread(read_opml, await _download(file), self._services.feed_tools.guard)
        result = await self._feeds.import_feeds(feed_list_file.feeds, by=get_actor(interaction), amend=False)
        error_lines = [f"- {escape_line(sentence, 200)}" for sentence in feed_list_file.errors[:10]]
        message = say_count(
            "{count} feed added, {known} already known, {skipped} skipped.",
            "{count} feeds added, {known} already known, {skipped} skipped.",
            result.added_count,
            known=format_number(len(feed_list_file.feeds) - result.added_count),
            skipped=format_number(len(feed_list_file.errors)),
        )
        await interaction.followup.send(view=success_card("\n".join([message, *error_lines])), ephemeral=True)

    @app_commands.command()
    async def export(self, interaction: Interaction) -> None:
        """Export the feeds as OPML."""
        feeds = await self._feeds.list_feeds()
        content = write_opml(feeds, self._services.clock())
        file = discord.File(io.BytesIO(content), filename="feeds.opml")
        message = say_count("{count} feed.", "{count} feeds.", len(feeds))
        await interaction.response.send_message(message, file=file, ephemeral=True)

    @pause.autocomplete("feed")
    @resume.autocomplete("feed")
    @remove.autocomplete("feed")
    async def _complete_feed(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        query = current.casefold().strip()
        feeds = await self._feeds.list_feeds()
        matches = [feed for feed in feeds if query in f"{feed.id} {feed.label} {feed.url}".casefold()]
        return [make_choice(f"{f.id} · {f.label}", str(f.id)) for f in matches[:MAX_CHOICES]]


async def _download(file: discord.Attachment) -> bytes:
    try:
        return await file.read()
    except (discord.HTTPException, aiohttp.ClientError) as exc:
        raise InputError("file", say("Discord couldn't send the file to the bot; attach it again")) from exc


async def _build_page(interaction: Interaction, page: int) -> discord.ui.LayoutView:
    services = interaction.client.services
    rows = [
        (subscription.feed, subscription.article_count)
        for subscription in await services.feed_subscriptions.list_summaries()
    ]
    page_feeds = select_page([feed for feed, _ in rows], page)
    return feed_list_card(rows, await services.review_queue.get_records(feed.id for feed in page_feeds), page)


class FeedsPageButton(PersistentItem, template=custom_ids.FEEDS.pattern):
    """A page button of the list of feeds."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page to an editor."""
        await check_editor(interaction)
        await reply_privately(interaction, await _build_page(interaction, int(self.params["page"])))


class OpenFeedsButton(PersistentItem, template=custom_ids.OPEN_FEEDS.pattern):
    """The button of a typed ``feeds`` command."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the list to an editor."""
        await check_editor(interaction)
        await reply_privately(interaction, await _build_page(interaction, 0))


class FeedsCog(commands.Cog):
    """The answer to a typed ``feeds`` command."""

    @commands.command(name="feeds")
    async def typed_feeds(self, ctx: Context) -> None:
        """Reply with a button, because the feeds' commands are slash commands."""
        card = success_card(
            say("Feed commands are slash commands that only the desk can use: `/feeds list`, `/feeds add`, …")
        )
        card.add_item(discord.ui.ActionRow(button(say_as("button", "List the feeds"), custom_ids.OPEN_FEEDS.build())))
        await ctx.send(view=card)


async def setup(bot: Dealwire) -> None:
    """Add the typed command and the buttons. The desk's cog registers the slash commands in the desk's server."""
    bot.add_dynamic_items(FeedsPageButton, OpenFeedsButton)
    await bot.add_cog(FeedsCog())
