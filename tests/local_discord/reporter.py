"""A small discord.py bot that uses what Dealwire uses: for this package's own tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from .local import LocalDiscord


class Card(discord.ui.LayoutView):
    """A card with a button that counts, and two menus."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.count = 0
        self.words = discord.ui.TextDisplay[Card]("Pressed 0 times")
        self.add_item(discord.ui.Container(self.words, discord.ui.Separator(), Press(self)))
        self.add_item(Mode())
        self.add_item(WhichRole())


class Press(discord.ui.ActionRow[Card]):
    """Answers by changing the card."""

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.card = card

    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: discord.Interaction, _: discord.ui.Button[Card]) -> None:
        self.card.count += 1
        self.card.words.content = f"Pressed {self.card.count} times"
        await interaction.response.edit_message(view=self.card)


class Mode(discord.ui.ActionRow[Card]):
    """Answers with a message of its own."""

    @discord.ui.select(
        custom_id="mode",
        options=[
            discord.SelectOption(label="Instant", value="instant"),
            discord.SelectOption(label="Daily", value="daily"),
        ],
    )
    async def mode(self, interaction: discord.Interaction, menu: discord.ui.Select[Card]) -> None:
        await interaction.response.send_message(menu.values[0])


class WhichRole(discord.ui.ActionRow[Card]):
    """Answers later, privately."""

    @discord.ui.select(cls=discord.ui.RoleSelect, custom_id="role")
    async def role(self, interaction: discord.Interaction, menu: discord.ui.RoleSelect[Card]) -> None:
        await interaction.response.defer()
        await interaction.followup.send(menu.values[0].name, ephemeral=True)


class Form(discord.ui.Modal, title="A development"):
    headline = discord.ui.Label[discord.ui.Modal](
        text="Headline", component=discord.ui.TextInput(custom_id="headline", max_length=200)
    )
    claim = discord.ui.Label[discord.ui.Modal](
        text="Claim",
        component=discord.ui.Select(
            custom_id="claim",
            options=[discord.SelectOption(label="Reported"), discord.SelectOption(label="Denied")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.headline.component, discord.ui.TextInput)
        assert isinstance(self.claim.component, discord.ui.Select)
        await interaction.response.send_message(
            f"{self.headline.component.value}: {self.claim.component.values[0]}", ephemeral=True
        )


class Reporter(commands.AutoShardedBot):
    """A small bot that uses what Dealwire uses."""

    def __init__(self, *, content: bool = True) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=content)
        super().__init__(
            commands.when_mentioned_or("!"),
            intents=intents,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=0.05,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.heard: list[str] = []
        self.resumed = asyncio.Event()

    async def setup_hook(self) -> None:
        self.add_command(ping)
        self.add_command(card)
        self.add_command(quiet)
        self.tree.add_command(desk)
        self.tree.add_command(quote)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds before identifying again: nobody counts here."""

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            self.heard.append(message.content)
        await self.process_commands(message)

    async def on_resumed(self) -> None:
        self.resumed.set()


Context = commands.Context[Reporter]


@commands.hybrid_command()  # type: ignore[arg-type]  # to mypy it might be a method of a cog
async def ping(context: Context, name: str = "you", channel: discord.TextChannel | None = None) -> None:
    """Say pong."""
    await context.send(f"pong {name} {channel.id if channel else '-'}")


@ping.autocomplete("name")
async def complete(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current} {each}", value=f"{current}-{each}") for each in ("one", "two")]


@commands.hybrid_command()
async def card(context: Context) -> None:
    """Send a card."""
    await context.send(view=Card())


@commands.hybrid_command()
async def quiet(context: Context) -> None:
    """Think, then answer privately."""
    await context.defer(ephemeral=True)
    await context.send("for you alone")


desk = app_commands.Group(name="desk", description="The editors", guild_only=True)


@desk.command(description="Publish a development")
async def publish(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Form())


@app_commands.context_menu(name="Quote it")
async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}")


@asynccontextmanager
async def running(here: LocalDiscord, bot: Reporter) -> AsyncIterator[Reporter]:
    """Run the bot, connected and ready."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = here.api_url
    # discord.py goes back to this address after an invalid session.
    DiscordWebSocket.DEFAULT_GATEWAY = URL(here.gateway.url)
    try:
        async with bot:
            task = asyncio.create_task(bot.start(here.token))
            ready = asyncio.create_task(bot.wait_until_ready())
            await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                ready.cancel()
                await task
            yield bot
        await task
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
