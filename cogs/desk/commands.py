"""The ``desk`` commands: publish, correct, retract, story, merge, split, history, summary, terms, expected and queue.

They are slash-only, because they open forms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from discord import app_commands

from bot.cards import custom_ids
from bot.cards.description import description_faults_card
from bot.cards.desk_outcome import known_retraction_card, merge_card, unmerge_card
from bot.cards.expected_list import expected_list_card
from bot.cards.story_history import story_history_card
from bot.cards.terms import term_list_card
from bot.errors import InputError, NotAllowed, NotFound
from bot.languages import say, say_as
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.description_check import CHECKED_STORIES, find_description_faults
from bot.newsroom.desk import get_story_history
from bot.newsroom.drafts import check_denial, parse_enum, parse_partial_date
from bot.platforms.discord.client import Dealwire, Interaction
from cogs.autocomplete import (
    MAX_CHOICES,
    NO_STAGE,
    filter_choices,
    find_value,
    get_labels,
    make_choice,
    make_story_choices,
)
from cogs.desk.descriptions import build_proposal_card
from cogs.desk.outcomes import build_retraction_card
from cogs.desk.pasting import paste_article
from cogs.desk.splitting import begin_split
from cogs.desk.story_modals import (
    CorrectModal,
    PublishModal,
    PublishOptions,
    StoryModal,
)
from cogs.editors import EditorsGroup, check_editor, get_actor
from cogs.persistent import PersistentItem, replace_or_reply, reply_privately
from cogs.reader_reports import build_report_card
from cogs.review._cog import show_queue_entry
from cogs.review.set_aside import show_failure
from cogs.vocabulary_option import OptionalClaim, OptionalKind, OptionalStage


class DeskGroup(EditorsGroup):
    """The ``desk`` command group."""

    def __init__(self, bot: Dealwire) -> None:
        super().__init__(bot, "desk", "Manage the stories: publish, correct, retract, merge, split.")
        self._bot = bot
        self._library = bot.services.library

    @app_commands.command()
    @app_commands.describe(
        address="a link to an article: check what the bot read from it, then publish",
        story="the story (leave empty to choose it in the form, or to start a new one)",
        date="when it happened: 2025, 2025-08, 2025-08-16 or by 2025-08 (default: today)",
        claim="how certain it is: confirmed, reported (default) or denied",
        stage="the deal's new stage, if this changes it",
        kind="what a new story is about",
    )
    async def publish(
        self,
        interaction: Interaction,
        address: str = "",
        story: str = "",
        date: str = "",
        claim: OptionalClaim = None,
        stage: OptionalStage = None,
        kind: OptionalKind = None,
    ) -> None:
        """Publish a development of a story to everyone who follows it."""
        options = PublishOptions(
            date=self._parse_date(date) if date else "",
            claim=claim.value if claim else "",
            stage=stage.value if stage else "",
            kind=kind.value if kind else "",
        )
        check_denial("stage", claim or Claim.REPORTED, stage)
        target = await self._library.get_story(await self._resolve_slug(story)) if story else None
        if target and stage and not target.kind.is_deal:
            raise NotAllowed(say("A story of the kind “{kind}” has no stage.", kind=target.kind.label))
        if address:
            known = replace(options.to_known_fields(), slug=target.slug if target else None)
            await paste_article(interaction, address, known)
            return
        newest = await self._library.complete_story("", deals_only=False, limit=MAX_CHOICES) if target is None else ()
        await interaction.response.send_modal(PublishModal(options, target, newest))

    @app_commands.command()
    @app_commands.describe(
        story="the story that it is in",
        development="the development",
        date="the right date",
        claim="the right claim",
        stage="the right stage, or none",
    )
    async def correct(
        self,
        interaction: Interaction,
        story: str,
        development: str,
        date: str = "",
        claim: OptionalClaim = None,
        stage: str = "",
    ) -> None:
        """Change what a development says."""
        target = await self._library.get_story(await self._resolve_slug(story))
        fields: dict[str, Any] = {"date": self._parse_date(date) if date else "", "claim": claim.value if claim else ""}
        fields = {key: value for key, value in fields.items() if value}
        if stage:
            stage_value = find_value(stage, _get_stage_labels())
            fields["stage"] = "" if stage_value == NO_STAGE else parse_enum("stage", stage_value, Stage).value
        original = self._find_development(target.developments, development)
        new_stage = fields.get("stage", original.stage or "")
        new_claim = claim or original.claim
        check_denial("stage", new_claim, Stage(new_stage) if new_stage else None)
        await interaction.response.send_modal(CorrectModal(target.slug, original, fields))

    @app_commands.command()
    @app_commands.describe(
        story="the story that it is in",
        development="the development",
        reason="why it is wrong (shown to readers)",
    )
    async def retract(self, interaction: Interaction, story: str, development: str, reason: str) -> None:
        """Retract a development."""
        target = await self._library.get_story(await self._resolve_slug(story))
        match = self._find_development(target.developments, development)
        if match.is_valid:
            desk = self._bot.services.desk
            outcome = await desk.retract(target.slug, match.key, reason, actor=get_actor(interaction))
            card = build_retraction_card(outcome)
        else:
            card = known_retraction_card(target, match)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(story="the story to change (leave empty for a new one)", kind="what it is about")
    async def story(self, interaction: Interaction, story: str = "", kind: OptionalKind = None) -> None:
        """Create a story, or change its headline, summary, kind and parties."""
        target = await self._library.get_story(await self._resolve_slug(story)) if story else None
        chosen_kind = kind or (target.kind if target else Kind.OTHER)
        await interaction.response.send_modal(StoryModal(target, chosen_kind))

    @app_commands.command()
    @app_commands.describe(story="the story to merge", into="the story that it becomes part of")
    async def merge(self, interaction: Interaction, story: str, into: str) -> None:
        """Merge two stories, including follows and posts (can be undone)."""
        source = await self._library.get_story(await self._resolve_slug(story))
        target = await self._library.get_story(await self._resolve_slug(into))
        result = await self._bot.services.desk.merge(source.slug, target.slug, actor=get_actor(interaction))
        await interaction.response.send_message(view=merge_card(source, result), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(story="the story to split", into="the story to move to (leave empty for a new one)")
    async def split(self, interaction: Interaction, story: str, into: str = "") -> None:
        """Move developments to a new story or another one (can be undone)."""
        source = await self._library.get_story(await self._resolve_slug(story))
        target = await self._library.get_story(await self._resolve_slug(into)) if into else None
        await begin_split(interaction, source, target)

    @app_commands.command()
    @app_commands.describe(story="the story")
    async def history(self, interaction: Interaction, story: str) -> None:
        """Show who changed what in a story, and when."""
        target = await self._library.get_story(await self._resolve_slug(story))
        await _show_history(interaction, target)

    @app_commands.command()
    @app_commands.describe(story="the story (leave empty to list those that are out of date)")
    async def summary(self, interaction: Interaction, story: str = "") -> None:
        """Draft a summary from a story's sources, or list the stories whose summary is out of date."""
        if story:
            target = await self._library.get_story(await self._resolve_slug(story))
            await interaction.response.send_message(view=await build_proposal_card(target), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        faults = await find_description_faults(self._bot.services.store, CHECKED_STORIES)
        await interaction.followup.send(view=description_faults_card(faults), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(story="the story whose figures they are")
    async def terms(self, interaction: Interaction, story: str) -> None:
        """Add, change or remove a deal's figures, such as its value or a stake."""
        target = await self._library.get_story(await self._resolve_slug(story))
        await interaction.response.send_message(view=term_list_card(target), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(story="the story that they are expected in")
    async def expected(self, interaction: Interaction, story: str) -> None:
        """Add, move or resolve what sources expect to happen in a story."""
        target = await self._library.get_story(await self._resolve_slug(story))
        await interaction.response.send_message(
            view=expected_list_card(target, self._library.get_today()), ephemeral=True
        )

    @app_commands.command()
    async def queue(self, interaction: Interaction) -> None:
        """Show the articles and reader reports that are waiting."""
        services = interaction.client.services
        review_entry, failure_entry = await services.review_queue.get_at(), await services.failed_work.get_at()
        if review_entry is not None:
            await show_queue_entry(interaction, review_entry)
        elif failure_entry is not None:
            await show_failure(interaction, failure_entry)
        else:
            await reply_privately(interaction, await build_report_card(interaction, 0))

    @publish.autocomplete("story")
    @correct.autocomplete("story")
    @retract.autocomplete("story")
    @story.autocomplete("story")
    @merge.autocomplete("story")
    @summary.autocomplete("story")
    @terms.autocomplete("story")
    @expected.autocomplete("story")
    @split.autocomplete("story")
    @history.autocomplete("story")
    @merge.autocomplete("into")
    @split.autocomplete("into")
    async def _complete_story(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return make_story_choices(await self._library.complete_story(current, deals_only=False))

    @correct.autocomplete("development")
    @retract.autocomplete("development")
    async def _complete_development(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        try:
            target = await self._library.get_story(await self._resolve_slug(str(interaction.namespace.story or "")))
        except (NotFound, InputError):
            # No story is selected yet. If none is, the command says so.
            return []
        return [
            make_choice(f"{d.date.display}: {d.headline}", d.key)
            for d in reversed(target.valid_developments)
            if current.casefold() in f"{d.date.display} {d.headline} {d.key}".casefold()
        ][:MAX_CHOICES]

    @correct.autocomplete("stage")
    async def _complete_new_stage(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return filter_choices(_get_stage_labels(), current)

    def _parse_date(self, text: str) -> str:
        """Parse the date of a development before its form opens, which has no field for it."""
        date = parse_partial_date("date", text)
        self._bot.services.desk.check_date("date", date)
        return str(date)

    async def _resolve_slug(self, text: str) -> str:
        return await self._library.resolve_story(text)

    def _find_development(self, developments: tuple[Development, ...], text: str) -> Development:
        key = text.strip().casefold()
        for development in developments:
            if key in (development.key.casefold(), development.headline.casefold()):
                return development
        raise NotAllowed(
            say("There is no such development in this story; pick one from the list that opens as you type.")
        )


def _get_stage_labels() -> dict[str, str]:
    # Translators: in the list of stages: the development moves the deal to none
    return {**get_labels(Stage), NO_STAGE: say_as("stage", "None")}


class UnmergeButton(PersistentItem, template=custom_ids.UNMERGE.pattern):
    """The button that undoes a merge."""

    async def handle(self, interaction: Interaction) -> None:
        """Unmerge the two stories, for an editor."""
        await check_editor(interaction)
        source, target = await interaction.client.services.desk.unmerge(
            self.params["slug"], actor=get_actor(interaction)
        )
        await replace_or_reply(interaction, unmerge_card(source, target))


async def _show_history(interaction: Interaction, story: Story) -> None:
    """Show the newest changes of a story to the editor alone."""
    history = await get_story_history(interaction.client.services.store, story.slug)
    await reply_privately(interaction, story_history_card(history))


class HistoryButton(PersistentItem, template=custom_ids.HISTORY.pattern):
    """The buttons that turn the pages of a story's history."""

    async def handle(self, interaction: Interaction) -> None:
        """Show another page, for an editor."""
        await check_editor(interaction)
        store = interaction.client.services.store
        history = await get_story_history(store, self.params["slug"], int(self.params["page"]))
        await reply_privately(interaction, story_history_card(history))
