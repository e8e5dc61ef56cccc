"""Pictures: the timeline of a story or of a company's stories, and the partners of a company."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.company import company_card
from bot.cards.full_story import full_story_card_in_thread
from bot.cards.lists import list_card
from bot.cards.no_answer import no_answer_card
from bot.cards.picture import Picture, company_timeline_card, story_timeline_card
from bot.cards.story import story_card
from bot.errors import NotAllowed, NotFound, PictureError, TooManyRequests
from bot.languages import lazy, say
from bot.library.answers import CompanyPage, NoAnswer
from bot.model.list_query import ListQuery, ListSubject
from bot.model.story import Story
from bot.pictures.alt_text import describe_company_timeline, describe_partners, describe_story_timeline
from bot.pictures.partner_graph import find_partners, plan_partner_graph
from bot.pictures.plan import Plan
from bot.pictures.renderer import LIST_MESSAGE, NO_PICTURE_MESSAGE, PictureRenderer
from bot.pictures.timeline_plan import MAX_LANES, plan_company_timeline, plan_story_timeline
from bot.platforms.discord.client import Context, Dealwire, Interaction, hybrid_command
from bot.services import Services
from cogs.autocomplete import MAX_CHOICES, make_choice
from cogs.permissions import get_user
from cogs.persistent import PersistentItem, is_own_card, replace_or_reply, reply_privately
from cogs.story_buttons import restore_company_name

#: Number of a company's newest deals that its picture shows.
DEAL_LIMIT = 200
ATTACH_FILES_NEEDED = lazy("The bot needs Attach Files here to show a picture; the slash command works without it.")


@dataclass(frozen=True, slots=True)
class CardWithPicture:
    """A card, and the picture that is attached to it."""

    card: discord.ui.LayoutView
    picture: Picture | None = None

    @property
    def files(self) -> list[discord.File]:
        """Return the files to attach."""
        return [self.picture.to_file()] if self.picture else []


class TimelineCog(commands.Cog):
    """The ``timeline`` command."""

    def __init__(self, bot: Dealwire) -> None:
        self._services = bot.services

    @hybrid_command()
    @app_commands.describe(query="a story, or a company for all of its stories")
    async def timeline(self, ctx: Context, *, query: str) -> None:
        """Draw a story over time, or a company's stories: stages, developments, denials."""
        subject = await self._find_subject(query.strip())
        if isinstance(subject, NoAnswer):
            await ctx.send(view=no_answer_card(subject), ephemeral=True)
            return
        if not self._services.picture_renderer.is_available:
            await ctx.send(view=await _build_list(self._services, subject))
            return
        if not can_attach(ctx):
            raise NotAllowed(say(ATTACH_FILES_NEEDED))
        draft = await _draft_timeline(self._services, subject)
        ctx.bot.cooldowns.pictures.take(ctx.author.id)
        # The first picture takes longer than the three seconds that Discord allows for a response.
        await ctx.defer()
        reply = await draft.draw(self._services.picture_renderer)
        await ctx.send(view=reply.card, files=reply.files)

    @timeline.autocomplete("query")
    async def _complete_query(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        library, text = self._services.library, current
        companies = await library.complete_company(text, 8) if text.strip() else ()
        lines = await library.complete_story(text, deals_only=False, limit=MAX_CHOICES - len(companies))
        # Translators: an entry of a list: the timeline of all stories of a company
        company_choices = [make_choice(say("All of {company}", company=name), name) for name in companies]
        return [*company_choices, *(make_choice(line.title, line.slug) for line in lines)]

    async def _find_subject(self, query: str) -> Story | str | NoAnswer:
        """Return the story that is meant, or the name of a company if nothing else was asked for."""
        library = self._services.library
        with contextlib.suppress(NotFound):
            # A slug may also be a company's name, so try it first.
            return await library.get_story(query)
        company = await library.find_only_company(query)
        if company:
            return company
        answer = await library.ask(query, deals_first=False)
        return answer if isinstance(answer, NoAnswer) else answer.story


def can_attach(ctx: Context) -> bool:
    """Return whether the bot can attach a file here. The response to an interaction always can."""
    return ctx.interaction is not None or ctx.guild is None or ctx.bot_permissions.attach_files


async def build_company_card(
    ctx: Context | Interaction, page: CompanyPage, *, with_picture: bool = True
) -> CardWithPicture:
    """Return a company's card with a picture of its partners; without it if there are too few or drawing fails."""
    client = ctx.client if isinstance(ctx, discord.Interaction) else ctx.bot
    services, name = client.services, page.company.name
    deals, total = await services.library.list_company_deals(name, DEAL_LIMIT)
    partners = find_partners(name, deals)
    aliases = await services.library.get_aliases([partner.name for partner in partners])
    graph = plan_partner_graph(page.company.names, partners, aliases, older=total - len(deals))
    if graph is None:
        return CardWithPicture(company_card(page))
    if not services.picture_renderer.is_available:
        return CardWithPicture(company_card(page, remark=say(NO_PICTURE_MESSAGE)))
    if not with_picture:
        return CardWithPicture(company_card(page, remark=say(ATTACH_FILES_NEEDED)))
    try:
        client.cooldowns.pictures.take(get_user(ctx).id)
        data = await services.picture_renderer.draw(graph)
    except (PictureError, TooManyRequests) as exc:
        return CardWithPicture(company_card(page, remark=str(exc)))
    picture = Picture(data, "partners.png", describe_partners(graph))
    return CardWithPicture(company_card(page, picture), picture)


@dataclass(frozen=True, slots=True)
class TimelineDraft:
    """A timeline that is planned but not drawn yet."""

    plan: Plan
    alt: str
    card: Callable[[Picture], discord.ui.LayoutView]

    async def draw(self, picture_renderer: PictureRenderer) -> CardWithPicture:
        """Draw the timeline. Raises PictureError."""
        picture = Picture(await picture_renderer.draw(self.plan), "timeline.png", self.alt)
        return CardWithPicture(self.card(picture), picture)


async def _build_list(services: Services, subject: Story | str) -> discord.ui.LayoutView:
    """Return what the timeline of a story, or of a company of this name, would show, as a list."""
    remark, library = say(LIST_MESSAGE), services.library
    if isinstance(subject, Story):
        return await full_story_card_in_thread(subject, 0, today=library.get_today(), remark=remark)
    page = await library.get_list_page(ListQuery(ListSubject.STORIES, companies=(subject,)), 0)
    return list_card(await library.store_list(page), remark)


async def _draft_timeline(services: Services, subject: Story | str) -> TimelineDraft:
    """Plan the timeline of a story, or of a company of this name. Raises NotAllowed or NotFound if there is nothing to draw."""
    return (
        await _draft_company_timeline(services, subject) if isinstance(subject, str) else _draft_story_timeline(subject)
    )


def _draft_story_timeline(story: Story) -> TimelineDraft:
    plan = plan_story_timeline(story)
    if plan is None:
        raise NotAllowed(say("There is nothing to draw: this story has no valid developments."))
    return TimelineDraft(plan, describe_story_timeline(story), partial(story_timeline_card, story))


async def _draft_company_timeline(services: Services, name: str) -> TimelineDraft:
    stories, total = await services.library.list_company_stories(name, MAX_LANES)
    plan = plan_company_timeline(stories, total)
    if plan is None:
        raise NotFound("story of this company", name)
    return TimelineDraft(
        plan, describe_company_timeline(name, stories, total), partial(company_timeline_card, name, stories, total)
    )


class DidYouMeanButton(PersistentItem, template=custom_ids.DID_YOU_MEAN.pattern):
    """A "did you mean" button."""

    async def handle(self, interaction: Interaction) -> None:
        """Answer the suggested question, in place of the card if it belongs to the user."""
        services, value = interaction.client.services, self.params["value"]
        if self.params["kind"] == "story":
            answer = await services.library.show_story(value)
            await replace_or_reply(interaction, story_card(answer, text_cache=interaction.client.story_texts))
            return
        page = await services.library.find_company(
            await restore_company_name(services.library, value, custom_ids.NAME_LIMIT)
        )
        if not isinstance(page, CompanyPage):
            await replace_or_reply(interaction, no_answer_card(page))
            return
        in_place = is_own_card(interaction)
        await interaction.response.defer(ephemeral=True, thinking=not in_place)
        reply = await build_company_card(interaction, page)
        if in_place:
            await interaction.edit_original_response(view=reply.card, attachments=reply.files)
        else:
            await _send_followup(interaction, reply)


class StoryTimelineButton(PersistentItem, template=custom_ids.TIMELINE.pattern):
    """The "Timeline" button of a story."""

    async def handle(self, interaction: Interaction) -> None:
        """Draw the timeline for the user alone."""
        await _draw_privately(interaction, await interaction.client.services.library.get_story(self.params["slug"]))


class CompanyTimelineButton(PersistentItem, template=custom_ids.COMPANY_TIMELINE.pattern):
    """The "Timeline" button of a company."""

    async def handle(self, interaction: Interaction) -> None:
        """Draw the timeline for the user alone."""
        services = interaction.client.services
        name = await restore_company_name(services.library, self.params["company"], custom_ids.NAME_LIMIT)
        await _draw_privately(interaction, name)


async def _draw_privately(interaction: Interaction, subject: Story | str) -> None:
    services = interaction.client.services
    if not services.picture_renderer.is_available:
        await reply_privately(interaction, await _build_list(services, subject))
        return
    draft = await _draft_timeline(services, subject)
    interaction.client.cooldowns.pictures.take(interaction.user.id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _send_followup(interaction, await draft.draw(services.picture_renderer))


async def _send_followup(interaction: Interaction, reply: CardWithPicture) -> None:
    await interaction.followup.send(view=reply.card, files=reply.files, ephemeral=True)


async def setup(bot: Dealwire) -> None:
    """Add the command, and the buttons that draw."""
    bot.add_dynamic_items(DidYouMeanButton, StoryTimelineButton, CompanyTimelineButton)
    await bot.add_cog(TimelineCog(bot))
