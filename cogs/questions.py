"""Commands that answer questions: deal, deals, story, company, latest, upcoming, and questions by mention."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.cards.components import Card
from bot.cards.help import question_hint_card
from bot.cards.lists import list_card
from bot.cards.no_answer import no_answer_card
from bot.cards.story import story_card
from bot.languages import get_language
from bot.library.answers import Answer, CompanyPage, ListPage
from bot.library.help_requests import parse_help_request
from bot.model.list_query import ListQuery, ListSubject
from bot.platforms.discord.client import Context, Dealwire, Interaction, get_answer_way, hybrid_command
from cogs.autocomplete import make_choices, make_story_choices
from cogs.help.pages import build_help_page, make_context_for
from cogs.story_buttons import STORY_ITEMS
from cogs.timeline import build_company_card, can_attach
from cogs.vocabulary_option import OptionalClaim, OptionalDealKind, OptionalKind, OptionalStage

#: Number of cached cards.
CARD_CACHE_SIZE = 128


class DealsFlags(commands.FlagConverter, case_insensitive=True):
    """The filters of ``deals``."""

    query: str = commands.flag(
        default="", positional=True, description="companies, kinds, stages, times or figures: nissan completed 2025"
    )
    company: str = commands.flag(default="", description="only this company's deals")
    stage: OptionalStage = commands.flag(default=None, description="only deals at this stage")
    kind: OptionalDealKind = commands.flag(default=None, description="only deals of this kind")


class LatestFlags(commands.FlagConverter, case_insensitive=True):
    """The filters of ``latest``."""

    query: str = commands.flag(
        default="", positional=True, description="companies, kinds, stages, claims or times: nissan denied"
    )
    company: str = commands.flag(default="", description="only this company's stories")
    kind: OptionalKind = commands.flag(default=None, description="only stories of this kind")
    stage: OptionalStage = commands.flag(default=None, description="only developments that moved a deal to this stage")
    claim: OptionalClaim = commands.flag(default=None, description="only confirmed, reported or denied developments")


class QuestionsCog(commands.Cog):
    """The commands that answer questions."""

    def __init__(self, bot: Dealwire) -> None:
        self._services = bot.services
        self._story_texts = bot.story_texts
        self._library = bot.services.library
        self._cards: dict[tuple[int, str], tuple[Answer, Card]] = {}

    @hybrid_command()
    @app_commands.describe(query="companies, words from the headline, or both: nissan foxconn")
    async def deal(self, ctx: Context, *, query: str) -> None:
        """Show where a deal stands: parties, stage, timeline, sources."""
        await self._send_answer(ctx, query, deals_first=True)

    @hybrid_command()
    @app_commands.describe(query="companies, words from the headline, or both: toyota fuel cell")
    async def story(self, ctx: Context, *, query: str) -> None:
        """Show any running story, deal or not."""
        await self._send_answer(ctx, query, deals_first=False)

    @hybrid_command()
    async def deals(self, ctx: Context, *, flags: DealsFlags) -> None:
        """List the deals, newest first."""
        base = ListQuery(
            companies=await self._resolve_companies(flags.company),
            stages=(flags.stage,) if flags.stage else (),
            kinds=(flags.kind,) if flags.kind else (),
        )
        await self._send_list(ctx, flags.query, base)

    @hybrid_command()
    @app_commands.describe(name="the company, by any of its names")
    async def company(self, ctx: Context, *, name: str) -> None:
        """Show a company: its names, its stories by stage, its newest developments."""
        page = await self._library.find_company(name)
        if not isinstance(page, CompanyPage):
            await ctx.send(view=no_answer_card(page), ephemeral=True)
            return
        if page.stories:
            # The picture can take longer than the three seconds that Discord allows for a response.
            await ctx.defer()
        reply = await build_company_card(ctx, page, with_picture=can_attach(ctx))
        await ctx.send(view=reply.card, files=reply.files)

    @hybrid_command()
    async def latest(self, ctx: Context, *, flags: LatestFlags) -> None:
        """List the newest developments."""
        base = ListQuery(
            ListSubject.DEVELOPMENTS,
            companies=await self._resolve_companies(flags.company),
            kinds=(flags.kind,) if flags.kind else (),
            stages=(flags.stage,) if flags.stage else (),
            claims=(flags.claim,) if flags.claim else (),
        )
        await self._send_list(ctx, flags.query, base)

    @hybrid_command()
    @app_commands.describe(query="companies, kinds, stages or times: honda 2026; leave it empty for everything")
    async def upcoming(self, ctx: Context, *, query: str = "") -> None:
        """List what sources expect to happen, soonest first."""
        await self._send_page(ctx, await self._library.list_upcoming(query))

    @commands.Cog.listener()
    async def on_question(self, ctx: Context, text: str) -> None:
        """Answer a message to the bot that is not a command."""
        try:
            with self._services.recorder.time_answer(get_answer_way(ctx)):
                if text:
                    await self._send_answer(ctx, text, deals_first=False)
                else:
                    await ctx.send(view=question_hint_card(await make_context_for(ctx)))
        except Exception as exc:  # noqa: BLE001 - a listener's errors do not reach people by themselves
            await ctx.bot.on_command_error(ctx, commands.CommandInvokeError(exc))

    @deal.autocomplete("query")
    async def _complete_deal(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return make_story_choices(await self._library.complete_story(current, deals_only=True))

    @story.autocomplete("query")
    async def _complete_story(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return make_story_choices(await self._library.complete_story(current, deals_only=False))

    @company.autocomplete("name")
    @deals.autocomplete("query")
    @deals.autocomplete("company")
    @latest.autocomplete("query")
    @latest.autocomplete("company")
    @upcoming.autocomplete("query")
    async def _complete_company(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return make_choices(await self._library.complete_company(current))

    async def _resolve_companies(self, name: str) -> tuple[str, ...]:
        return (await self._library.resolve_company_name(name),) if name.strip() else ()

    async def _send_list(self, ctx: Context, query: str, base: ListQuery) -> None:
        """Send the list with the filters that a text names; a slash command with an empty list is answered privately."""
        page = await (self._library.list_matching(query, base) if query.strip() else self._library.get_list_page(base))
        await self._send_page(ctx, page)

    async def _send_page(self, ctx: Context, page: ListPage) -> None:
        await ctx.send(view=list_card(await self._library.store_list(page)), ephemeral=not page.total)

    async def _send_answer(self, ctx: Context, query: str, *, deals_first: bool) -> None:
        """Answer a question. A slash command without a match is answered privately, and so is a request for help."""
        if parse_help_request(query) is not None:
            await ctx.send(view=await build_help_page(ctx, ctx.command.name if ctx.command else ""), ephemeral=True)
            return
        answer = await self._library.answer(query.strip(), deals_first=deals_first)
        if isinstance(answer, ListPage):
            await self._send_page(ctx, answer)
        elif isinstance(answer, Answer):
            await ctx.send(view=self._get_card(answer))
        else:
            await ctx.send(view=no_answer_card(answer), ephemeral=True)

    def _get_card(self, answer: Answer) -> Card:
        """Return the card of an answer.

        The library returns the same answer until its stories change, so cards are cached by language.
        """
        key = id(answer), get_language().code
        entry = self._cards.get(key)
        if entry is None:
            # Cache the answer too: while it is alive, no other object can have its id.
            entry = self._cards[key] = (answer, story_card(answer, text_cache=self._story_texts))
            if len(self._cards) > CARD_CACHE_SIZE:
                del self._cards[next(iter(self._cards))]
        return entry[1]


async def setup(bot: Dealwire) -> None:
    """Add the commands, and the buttons of their cards."""
    bot.add_dynamic_items(*STORY_ITEMS)
    await bot.add_cog(QuestionsCog(bot))
