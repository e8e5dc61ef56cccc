"""The desk's feeds: add, list, pause, resume, remove, check, lists in and out. They are slash-only, on the desk's server."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import ids
from bot.cards.card import button
from bot.cards.feeds import checked_card, feed_card, feed_list, trust_label
from bot.cards.notes import note
from bot.cards.safe import line
from bot.client import Context, Dealwire, Interaction
from bot.errors import InputError
from bot.languages import noted, number, say, say_as, say_count
from bot.model.feed import FeedState, Trust
from bot.newsroom.drafts import read_word
from bot.newsroom.feeds.opml import SIZE_LIMIT, read_opml, write_opml
from cogs.clicks import Click, beside
from cogs.editors import EditorsGroup, actor, check_editor
from cogs.offers import choice, offered, value_of

#: The button under what ``!feeds`` says.
OPEN = "dw:feeds:open"
_PAUSED = {
    FeedState.PAUSED: noted("**It is paused.**"),
    # Said: of a feed that its publisher has taken down for good, and that is polled no more anyway
    FeedState.GONE: noted("**It is gone.**"),
}


class FeedsGroup(EditorsGroup):
    """The commands of the feeds."""

    def __init__(self, bot: Dealwire) -> None:
        super().__init__(bot, "feeds", "Where news comes in from.")
        self._services = bot.services
        self._feeds = bot.services.subscriptions

    @app_commands.command()
    @app_commands.describe(
        address="of the feed, or of a page that names it",
        trust="auto: what is sure is published; review, or left out: an editor decides",
        title="what it is called; left out: its own title",
    )
    async def add(self, interaction: Interaction, address: str, trust: str = "", title: str = "") -> None:
        """Add a feed; what it has now is known, what comes is news."""
        chosen = read_word("trust", value_of(trust, _trusts()), Trust) if trust else None
        await interaction.response.defer(ephemeral=True, thinking=True)
        fetcher, parser = await self._services.press.tools()
        feed, is_new = await self._feeds.add(fetcher, parser, address, title=title, trust=chosen, by=actor(interaction))
        said = (
            say("**Added.** What it has now is known; what comes is news.")
            if is_new
            else say("**This feed is known already.**")
        )
        await interaction.followup.send(view=feed_card(feed, said), ephemeral=True)

    @app_commands.command(name="list")
    async def listing(self, interaction: Interaction) -> None:
        """List the feeds: how they fare, and how often the first suggestion was taken."""
        await interaction.response.send_message(view=await _page(interaction, 0), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(feed="the feed, by its number or its address")
    async def pause(self, interaction: Interaction, feed: str) -> None:
        """Poll a feed no more until it is resumed."""
        paused = await self._feeds.pause(feed, by=actor(interaction))
        said = say(_PAUSED[paused.state])
        await interaction.response.send_message(view=feed_card(paused, said), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(feed="the feed, by its number or its address")
    async def resume(self, interaction: Interaction, feed: str) -> None:
        """Poll a feed again, also one that was given up by its publisher."""
        resumed = await self._feeds.resume(feed, by=actor(interaction))
        said = say("**It is polled again.**")
        await interaction.response.send_message(view=feed_card(resumed, said), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(feed="the feed, by its number or its address")
    async def remove(self, interaction: Interaction, feed: str) -> None:
        """Take a feed out; what it brought stays known."""
        removed = await self._feeds.remove(feed, by=actor(interaction))
        said = say("The feed **{feed}** is removed; what it brought stays known.", feed=line(removed.label, 200))
        await interaction.response.send_message(view=note(said), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(address="of a feed, or of a page that names one")
    async def check(self, interaction: Interaction, address: str) -> None:
        """Say what would come in by a feed; nothing is stored."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        checked = await self._services.press.check(self._services.store, address)
        card = checked_card(checked.url, checked.title, checked.articles, checked.skipped)
        await interaction.followup.send(view=card, ephemeral=True)

    @app_commands.command(name="import")
    @app_commands.describe(file="a subscription list (OPML)")
    async def take_in(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Add the feeds of a subscription list."""
        if file.size > SIZE_LIMIT:
            expected = say(
                "expected at most {limit} bytes, it has {size}", limit=number(SIZE_LIMIT), size=number(file.size)
            )
            raise InputError("file", expected)
        await interaction.response.defer(ephemeral=True, thinking=True)
        # Hostile lists of this size take a second.
        named = await asyncio.to_thread(read_opml, await _download(file), self._services.press.guard)
        taken = await self._feeds.take(named.feeds, by=actor(interaction), amend=False)
        left_out = [f"- {line(sentence, 200)}" for sentence in named.left_out[:10]]
        said = say_count(
            "{count} feed added, {known} known already, {left_out} left out.",
            "{count} feeds added, {known} known already, {left_out} left out.",
            taken.added,
            known=number(len(named.feeds) - taken.added),
            left_out=number(len(named.left_out)),
        )
        await interaction.followup.send(view=note("\n".join([said, *left_out])), ephemeral=True)

    @app_commands.command()
    async def export(self, interaction: Interaction) -> None:
        """Give the feeds out as a subscription list (OPML)."""
        feeds = await self._feeds.feeds()
        written = write_opml(feeds, self._services.clock())
        file = discord.File(io.BytesIO(written), filename="feeds.opml")
        said = say_count("{count} feed.", "{count} feeds.", len(feeds))
        await interaction.response.send_message(said, file=file, ephemeral=True)

    @add.autocomplete("trust")
    async def _complete_trust(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(_trusts(), typed)

    @pause.autocomplete("feed")
    @resume.autocomplete("feed")
    @remove.autocomplete("feed")
    async def _complete_feed(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        wanted = typed.casefold().strip()
        feeds = await self._feeds.feeds()
        found = [feed for feed in feeds if wanted in f"{feed.number} {feed.label} {feed.url}".casefold()]
        return [choice(f"{f.number} · {f.label}", str(f.number)) for f in found[:25]]


async def _download(file: discord.Attachment) -> bytes:
    try:
        return await file.read()
    except (discord.HTTPException, aiohttp.ClientError) as exc:
        raise InputError("file", say("Discord could not send the file to the bot; attach it again")) from exc


def _trusts() -> dict[str, str]:
    return {trust.value: trust_label(trust) for trust in Trust}


async def _page(interaction: Interaction, page: int) -> discord.ui.LayoutView:
    services = interaction.client.services
    listed = [(one.feed, one.articles) for one in await services.subscriptions.all()]
    return feed_list(listed, await services.reviews.records(), page)


class FeedsPage(Click, template=ids.FEEDS):
    """Another page of the feeds."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page, for an editor."""
        await check_editor(interaction)
        await beside(interaction, await _page(interaction, int(self.said["page"])))


class OpenFeeds(Click, template=OPEN):
    """The button under what ``!feeds`` says."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the list to an editor."""
        await check_editor(interaction)
        await beside(interaction, await _page(interaction, 0))


class Feeds(commands.Cog):
    """What is said to those who type it."""

    @commands.command(name="feeds")
    async def typed_feeds(self, ctx: Context) -> None:
        """The feeds' commands are slash commands."""
        card = note(
            say("The feeds are slash commands of the desk, for only editors see them: `/feeds list`, `/feeds add`, …")
        )
        card.add_item(discord.ui.ActionRow(button(say_as("button", "List the feeds"), OPEN)))
        await ctx.send(view=card)


async def setup(bot: Dealwire) -> None:
    """Add what answers to typing and clicks; the desk's cog registers the commands where the desk is."""
    bot.add_dynamic_items(FeedsPage, OpenFeeds)
    await bot.add_cog(Feeds())
