"""Asking: deal, deals, story, company, latest, and questions by mention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from discord import app_commands
from discord.ext import commands

from bot.cards.card import Card
from bot.cards.lists import latest_list, story_list
from bot.cards.notes import note
from bot.cards.nothing import no_answer
from bot.cards.story import story_card
from bot.client import Context, Dealwire, Interaction, asking
from bot.errors import InputError
from bot.languages import say, spoken
from bot.library.answers import Answer, CompanyPage, NewsFilter, NoAnswer, StoryFilter
from bot.model.story import StoryLine
from bot.model.vocabulary import Claim, Kind, Stage
from cogs import clicks
from cogs.offers import choice, choices_of, labels_of, offered
from cogs.pictures import company_answer, may_attach

#: How many drawn cards are kept for the next who ask the same.
CARDS_KEPT = 128
_Word = TypeVar("_Word", Stage, Kind, Claim)


class DealsFlags(commands.FlagConverter, case_insensitive=True):
    """What a list of deals is narrowed to."""

    company: str = commands.flag(default="", positional=True, description="only deals of this company")
    stage: str = commands.flag(default="", description="only deals in this stage")
    kind: str = commands.flag(default="", description="only deals of this kind")


class LatestFlags(commands.FlagConverter, case_insensitive=True):
    """What a list of developments is narrowed to."""

    company: str = commands.flag(default="", positional=True, description="only of this company's stories")
    kind: str = commands.flag(default="", description="only of stories of this kind")
    stage: str = commands.flag(default="", description="only those that moved a deal to this stage")
    claim: str = commands.flag(default="", description="only what is confirmed, reported or denied")


class Deals(commands.Cog):
    """The asking commands."""

    def __init__(self, bot: Dealwire) -> None:
        self._services = bot.services
        self._library = bot.services.library
        self._cards: dict[tuple[int, str], tuple[Answer, Card]] = {}

    @asking()
    @app_commands.describe(query="companies, words of the headline, or both: nissan foxconn")
    async def deal(self, ctx: Context, *, query: str) -> None:
        """Show where a deal stands: parties, stage, timeline, sources."""
        await self._send_answer(ctx, query, deals_first=True)

    @asking()
    @app_commands.describe(query="companies, words of the headline, or both: toyota fuel cell")
    async def story(self, ctx: Context, *, query: str) -> None:
        """Show any running story, deal or not."""
        await self._send_answer(ctx, query, deals_first=False)

    @asking()
    async def deals(self, ctx: Context, *, flags: DealsFlags) -> None:
        """List the deals, newest first."""
        company = await self._library.company_name(flags.company) if flags.company.strip() else ""
        chosen = StoryFilter(
            company=company,
            stage=_word(flags.stage, list(Stage), "stage"),
            kind=_word(flags.kind, [kind for kind in Kind if kind.is_deal], "kind"),
        )
        page = await self._library.stories(chosen, 0)
        await ctx.send(view=story_list(page), ephemeral=not page.lines)

    @asking()
    @app_commands.describe(name="the company, by any of its names")
    async def company(self, ctx: Context, *, name: str) -> None:
        """Show a company: its names, its stories by stage, its newest developments."""
        page = await self._library.company(name)
        if not isinstance(page, CompanyPage):
            await ctx.send(view=no_answer(page), ephemeral=True)
            return
        if page.stories:
            # Its picture may take longer than the three seconds that Discord gives.
            await ctx.defer()
        shown = await company_answer(ctx, page, with_picture=may_attach(ctx))
        await ctx.send(view=shown.card, files=shown.files)

    @asking()
    async def latest(self, ctx: Context, *, flags: LatestFlags) -> None:
        """List the newest developments."""
        chosen = NewsFilter(
            company=await self._library.company_name(flags.company) if flags.company.strip() else "",
            kind=_word(flags.kind, list(Kind), "kind"),
            stage=_word(flags.stage, list(Stage), "stage"),
            claim=_word(flags.claim, list(Claim), "claim"),
        )
        page = await self._library.latest(chosen, 0)
        await ctx.send(view=latest_list(page), ephemeral=not page.news)

    @commands.Cog.listener()
    async def on_question(self, ctx: Context, text: str) -> None:
        """Answer what was said to the bot and is no command."""
        prefix = ctx.bot.services.settings.command_prefix
        how = say(
            "Ask me about a deal: `@{bot} nissan foxconn`, `{prefix}deal nissan`, `/deal`.",
            bot=ctx.me.name,
            prefix=prefix,
        )
        try:
            if text:
                await self._send_answer(ctx, text, deals_first=False)
            else:
                await ctx.send(view=note(how))
        except Exception as exc:  # noqa: BLE001 - a listener's errors do not reach people by themselves
            await ctx.bot.on_command_error(ctx, commands.CommandInvokeError(exc))

    @deal.autocomplete("query")
    async def _complete_deal(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _story_choices(await self._library.complete_story(typed, deals_only=True))

    @story.autocomplete("query")
    async def _complete_story(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _story_choices(await self._library.complete_story(typed, deals_only=False))

    @company.autocomplete("name")
    @deals.autocomplete("company")
    @latest.autocomplete("company")
    async def _complete_company(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices_of(await self._library.complete_company(typed))

    @deals.autocomplete("stage")
    @latest.autocomplete("stage")
    async def _complete_stage(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(labels_of(Stage), typed)

    @deals.autocomplete("kind")
    async def _complete_kind(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(labels_of(kind for kind in Kind if kind.is_deal), typed)

    @latest.autocomplete("kind")
    async def _complete_any_kind(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(labels_of(Kind), typed)

    @latest.autocomplete("claim")
    async def _complete_claim(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(labels_of(Claim), typed)

    async def _send_answer(self, ctx: Context, query: str, *, deals_first: bool) -> None:
        """Answer a question; to a slash command that matches nothing, for the asker alone."""
        answer: Answer | NoAnswer = await self._library.ask(query.strip(), deals_first=deals_first)
        if isinstance(answer, Answer):
            await ctx.send(view=self._drawn(answer))
        else:
            await ctx.send(view=no_answer(answer), ephemeral=True)

    def _drawn(self, answer: Answer) -> Card:
        """The answer's card. The library gives the same answer until its stories change, so it is drawn once in a language."""
        key = id(answer), spoken().code
        kept = self._cards.get(key)
        if kept is None:
            # The answer is kept beside its card: its id belongs to no other meanwhile.
            kept = self._cards[key] = (answer, story_card(answer))
            if len(self._cards) > CARDS_KEPT:
                del self._cards[next(iter(self._cards))]
        return kept[1]


def _story_choices(lines: tuple[StoryLine, ...]) -> list[app_commands.Choice[str]]:
    return [choice(line.headline, line.slug) for line in lines[:25]]


def _word(typed: str, allowed: Sequence[_Word], name: str) -> _Word | None:
    """The word that was typed, also as it is called in the language that is spoken; InputError when it is none of them."""
    text = typed.strip().casefold()
    if not text:
        return None
    for word in allowed:
        if text in (word.value, word.label.casefold()):
            return word
    raise InputError(name, say("expected one of {words}.", words=", ".join(word.value for word in allowed)))


async def setup(bot: Dealwire) -> None:
    """Add the commands, and the buttons of their cards."""
    bot.add_dynamic_items(*clicks.ITEMS)
    await bot.add_cog(Deals(bot))
