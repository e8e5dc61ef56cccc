"""Pictures: the timeline of a story or of a company's stories, and who a company deals with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import ids
from bot.cards.company import company_card
from bot.cards.nothing import no_answer
from bot.cards.picture import Picture, company_timeline_card, story_timeline_card
from bot.cards.story import story_card
from bot.client import Context, Dealwire, Interaction, asking
from bot.errors import NotFound, PictureError, Refused, TooOften
from bot.languages import noted, say
from bot.library.answers import CompanyPage, NoAnswer
from bot.model.story import Story
from bot.pictures.partners import company_web, partners_of
from bot.pictures.plan import Plan
from bot.pictures.studio import Studio
from bot.pictures.timeline import LANES, company_timeline, story_timeline
from bot.pictures.words import alt_of_partners, alt_of_stories, alt_of_story
from bot.services import Services
from cogs.clicks import Click, is_own, turn, whole_name
from cogs.offers import choice
from cogs.places import asker_of

#: The newest deals of a company that its picture is made of.
DEALS = 200
NO_FILES = noted("The bot needs Attach Files here to show a picture; the slash command shows it without.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card, and the picture that it carries."""

    card: discord.ui.LayoutView
    picture: Picture | None = None

    @property
    def files(self) -> list[discord.File]:
        """What is to be attached."""
        return [self.picture.file()] if self.picture else []


class Pictures(commands.Cog):
    """The timeline command."""

    def __init__(self, bot: Dealwire) -> None:
        self._services = bot.services

    @asking()
    @app_commands.describe(query="a story, or a company for all of its stories")
    async def timeline(self, ctx: Context, *, query: str) -> None:
        """Draw a story over time, or a company's stories: stages, developments, denials."""
        meant = await self._meant(query.strip())
        if isinstance(meant, NoAnswer):
            await ctx.send(view=no_answer(meant), ephemeral=True)
            return
        if not may_attach(ctx):
            raise Refused(say(NO_FILES))
        draft = await _of_company(self._services, meant) if isinstance(meant, str) else _of_story(meant)
        ctx.bot.cooldowns.pictures.take(ctx.author.id)
        # The first picture takes longer than the three seconds that Discord gives.
        await ctx.defer()
        shown = await draft.draw(self._services.studio)
        await ctx.send(view=shown.card, files=shown.files)

    @timeline.autocomplete("query")
    async def _complete(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        library, begun = self._services.library, typed
        companies = await library.complete_company(begun, 8) if begun.strip() else ()
        lines = await library.complete_story(begun, deals_only=False, limit=25 - len(companies))
        # Said: an entry of a list: the timeline of all stories of a company
        named = [choice(say("All of {company}", company=name), name) for name in companies]
        return [*named, *(choice(line.headline, line.slug) for line in lines)]

    async def _meant(self, query: str) -> Story | str | NoAnswer:
        """A story, or the name of a company when nothing but that is said."""
        library = self._services.library
        with contextlib.suppress(NotFound):
            # A slug may be made of a company's name.
            return await library.story(query)
        company = await library.only_company(query)
        if company:
            return company
        answer = await library.ask(query, deals_first=False)
        return answer if isinstance(answer, NoAnswer) else answer.story


def may_attach(ctx: Context) -> bool:
    """Whether a picture can be sent; an interaction's answer can always carry one."""
    return ctx.interaction is not None or ctx.guild is None or ctx.bot_permissions.attach_files


async def company_answer(asked: Context | Interaction, page: CompanyPage, *, with_picture: bool = True) -> Shown:
    """A company's card, with who it deals with where there are enough; without the picture where that fails."""
    client = asked.client if isinstance(asked, discord.Interaction) else asked.bot
    services, name = client.services, page.company.name
    deals, total = await services.reading.deals_of(name, DEALS)
    partners = partners_of(name, deals)
    aliases = await services.reading.aliases([partner for partner, _, _ in partners])
    web = company_web(page.company.names, partners, aliases, older=total - len(deals))
    if web is None:
        return Shown(company_card(page))
    if not with_picture:
        return Shown(company_card(page, remark=say(NO_FILES)))
    try:
        client.cooldowns.pictures.take(asker_of(asked).id)
        data = await services.studio.picture(web)
    except (PictureError, TooOften) as exc:
        return Shown(company_card(page, remark=str(exc)))
    picture = Picture(data, "partners.png", alt_of_partners(name, partners))
    return Shown(company_card(page, picture), picture)


@dataclass(frozen=True, slots=True)
class Draft:
    """A timeline that is planned and not yet drawn."""

    plan: Plan
    alt: str
    card: Callable[[Picture], discord.ui.LayoutView]

    async def draw(self, studio: Studio) -> Shown:
        """Draw it. Raises PictureError."""
        picture = Picture(await studio.picture(self.plan), "timeline.png", self.alt)
        return Shown(self.card(picture), picture)


def _of_story(story: Story) -> Draft:
    plan = story_timeline(story)
    if plan is None:
        raise Refused(say("No development of this story stands, so there is nothing to draw."))
    return Draft(plan, alt_of_story(story), partial(story_timeline_card, story))


async def _of_company(services: Services, name: str) -> Draft:
    stories, total = await services.reading.stories_of(name, LANES)
    plan = company_timeline(stories, total)
    if plan is None:
        raise NotFound("story of this company", name)
    return Draft(plan, alt_of_stories(name, stories, total), partial(company_timeline_card, name, stories, total))


class Meant(Click, template=ids.MEANT):
    """A "did you mean" button."""

    async def answer(self, interaction: Interaction) -> None:
        """Answer with what was meant, in place of the question where that was the clicker's own."""
        services, value = interaction.client.services, self.said["value"]
        if self.said["kind"] == "story":
            await turn(interaction, story_card(await services.library.show(value)))
            return
        page = await services.library.company(await whole_name(services.library, value, ids.NAME))
        if not isinstance(page, CompanyPage):
            await turn(interaction, no_answer(page))
            return
        in_place = is_own(interaction)
        await interaction.response.defer(ephemeral=True, thinking=not in_place)
        shown = await company_answer(interaction, page)
        if in_place:
            await interaction.edit_original_response(view=shown.card, attachments=shown.files)
        else:
            await _follow_up(interaction, shown)


class TimelineOfStory(Click, template=ids.TIMELINE):
    """The Timeline button of a story."""

    async def answer(self, interaction: Interaction) -> None:
        """Draw it for the one who clicked."""
        await _draw_beside(interaction, _of_story(await interaction.client.services.library.story(self.said["slug"])))


class TimelineOfCompany(Click, template=ids.LANES):
    """The Timeline button of a company."""

    async def answer(self, interaction: Interaction) -> None:
        """Draw it for the one who clicked."""
        services = interaction.client.services
        name = await whole_name(services.library, self.said["company"], ids.NAME)
        await _draw_beside(interaction, await _of_company(services, name))


async def _draw_beside(interaction: Interaction, draft: Draft) -> None:
    interaction.client.cooldowns.pictures.take(interaction.user.id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _follow_up(interaction, await draft.draw(interaction.client.services.studio))


async def _follow_up(interaction: Interaction, shown: Shown) -> None:
    await interaction.followup.send(view=shown.card, files=shown.files, ephemeral=True)


async def setup(bot: Dealwire) -> None:
    """Add the command, and the buttons that draw."""
    bot.add_dynamic_items(Meant, TimelineOfStory, TimelineOfCompany)
    await bot.add_cog(Pictures(bot))
