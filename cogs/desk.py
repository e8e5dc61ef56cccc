"""The desk's commands: publish, correct, retract, story, merge, queue. They are slash-only: their forms are modals."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from discord import app_commands

from bot.cards import ids
from bot.cards.joined import joined_card, parted_card
from bot.cards.notes import note
from bot.client import Dealwire, Interaction
from bot.errors import InputError, NotFound, Refused
from bot.languages import say, say_as
from bot.model.story import Development
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.drafts import check_denial, read_date, read_word
from cogs.aside import show_aside
from cogs.clicks import Click, beside, turn
from cogs.editors import EditorsGroup, actor, check_editor
from cogs.forms import RETRACTED, CorrectForm, PublishForm, Said, StoryForm, told_outcome
from cogs.notes import queue_card
from cogs.offers import choice, labels_of, offered, value_of
from cogs.review import show_waiting
from cogs.summaries import proposal_card

#: Typed for no stage.
NONE = "none"
_Word = TypeVar("_Word", Kind, Stage, Claim)


class DeskGroup(EditorsGroup):
    """The commands of the desk."""

    def __init__(self, bot: Dealwire) -> None:
        super().__init__(bot, "desk", "Keep the stories: publish, correct, retract.")
        self._bot = bot
        self._library = bot.services.library

    @app_commands.command()
    @app_commands.describe(
        story="the story; left out: choose it in the form, or begin a new one",
        date="when it happened: 2025, 2025-08 or 2025-08-16; left out: today",
        claim="who says so; left out: reported",
        stage="where the deal stands now, if this moves it",
        kind="what a new story is about",
    )
    async def publish(
        self,
        interaction: Interaction,
        story: str = "",
        date: str = "",
        claim: str = "",
        stage: str = "",
        kind: str = "",
    ) -> None:
        """Add a development to a story; it goes out to everyone who follows."""
        said = Said(
            date=str(read_date("date", date)) if date else self._today(),
            claim=read_word("claim", claim or Claim.REPORTED.value, Claim).value,
            stage=read_word("stage", stage, Stage).value if stage else "",
            kind=read_word("kind", kind or Kind.OTHER.value, Kind).value,
        )
        check_denial("stage", Claim(said.claim), Stage(said.stage) if said.stage else None)
        known = await self._library.story(await self._slug(story)) if story else None
        if known and stage and not known.kind.is_deal:
            raise Refused(say("A story of the kind “{kind}” has no stage.", kind=known.kind.label))
        newest = await self._library.complete_story("", deals_only=False, limit=24) if known is None else ()
        await interaction.response.send_modal(PublishForm(said, known, newest))

    @app_commands.command()
    @app_commands.describe(
        story="the story that it is in",
        development="which of its developments",
        date="the right date",
        claim="the right claim",
        stage="the right stage, or none",
    )
    async def correct(
        self, interaction: Interaction, story: str, development: str, date: str = "", claim: str = "", stage: str = ""
    ) -> None:
        """Change what a development says."""
        known = await self._library.story(await self._slug(story))
        fields: dict[str, Any] = {"date": date, "claim": value_of(claim, labels_of(Claim))}
        fields = {key: value for key, value in fields.items() if value}
        if stage:
            known_stage = value_of(stage, _stages_or_none())
            fields["stage"] = "" if known_stage == NONE else read_word("stage", known_stage, Stage).value
        wrong = self._find(known.developments, development)
        right_stage = fields.get("stage", wrong.stage or "")
        right_claim = read_word("claim", fields.get("claim", wrong.claim), Claim)
        check_denial("stage", right_claim, Stage(right_stage) if right_stage else None)
        await interaction.response.send_modal(CorrectForm(known.slug, wrong, fields))

    @app_commands.command()
    @app_commands.describe(
        story="the story that it is in",
        development="which of its developments",
        reason="why it does not stand; readers see it",
    )
    async def retract(self, interaction: Interaction, story: str, development: str, reason: str) -> None:
        """Say that a development does not stand."""
        known = await self._library.story(await self._slug(story))
        found = self._find(known.developments, development)
        outcome = await self._bot.services.desk.retract(known.slug, found.key, reason, actor=actor(interaction))
        await interaction.response.send_message(view=note(told_outcome(outcome, RETRACTED)), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(story="the story; left out: a new one", kind="what it is about")
    async def story(self, interaction: Interaction, story: str = "", kind: str = "") -> None:
        """Begin a story, or change its headline, summary, kind and parties."""
        known = await self._library.story(await self._slug(story)) if story else None
        chosen = read_word("kind", kind, Kind) if kind else (known.kind if known else Kind.OTHER)
        await interaction.response.send_modal(StoryForm(known, chosen))

    @app_commands.command()
    @app_commands.describe(story="the story that goes", into="the story that it becomes part of")
    async def merge(self, interaction: Interaction, story: str, into: str) -> None:
        """Make one story of two; follows and posts go along, and it can be taken back."""
        gone = await self._library.story(await self._slug(story))
        stays = await self._library.story(await self._slug(into))
        joined = await self._bot.services.desk.join(gone.slug, stays.slug, actor=actor(interaction))
        await interaction.response.send_message(view=joined_card(gone, joined), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(story="the story whose summary it would be")
    async def summary(self, interaction: Interaction, story: str) -> None:
        """Propose a summary out of what the story's sources say."""
        known = await self._library.story(await self._slug(story))
        await interaction.response.send_message(view=await proposal_card(known), ephemeral=True)

    @app_commands.command()
    async def queue(self, interaction: Interaction) -> None:
        """Articles that wait for a decision, and what readers say is wrong."""
        services = interaction.client.services
        waiting, aside = await services.reviews.waiting(), await services.failed_work.waiting()
        if waiting is not None:
            await show_waiting(interaction, waiting)
        elif aside is not None:
            await show_aside(interaction, aside)
        else:
            await beside(interaction, await queue_card(interaction, 0))

    @publish.autocomplete("story")
    @correct.autocomplete("story")
    @retract.autocomplete("story")
    @story.autocomplete("story")
    @merge.autocomplete("story")
    @summary.autocomplete("story")
    @merge.autocomplete("into")
    async def _complete_story(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        lines = await self._library.complete_story(typed, deals_only=False)
        return [choice(line.headline, line.slug) for line in lines]

    @correct.autocomplete("development")
    @retract.autocomplete("development")
    async def _complete_development(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            known = await self._library.story(await self._slug(str(interaction.namespace.story or "")))
        except (NotFound, InputError):
            # No story is chosen yet; the command itself says so if it stays like that.
            return []
        return [
            choice(f"{d.date.display}: {d.headline}", d.key)
            for d in reversed(known.developments)
            if typed.casefold() in f"{d.date.display} {d.headline} {d.key}".casefold()
        ][:25]

    @publish.autocomplete("claim")
    @correct.autocomplete("claim")
    async def _complete_claim(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(labels_of(Claim), typed)

    @publish.autocomplete("stage")
    async def _complete_stage(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(labels_of(Stage), typed)

    @correct.autocomplete("stage")
    async def _complete_right_stage(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(_stages_or_none(), typed)

    @publish.autocomplete("kind")
    @story.autocomplete("kind")
    async def _complete_kind(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(labels_of(Kind), typed)

    async def _slug(self, typed: str) -> str:
        return await self._library.only_story(typed)

    def _find(self, developments: tuple[Development, ...], typed: str) -> Development:
        wanted = typed.strip().casefold()
        for development in developments:
            if wanted in (development.key.casefold(), development.headline.casefold()):
                return development
        raise Refused(say("No such development in this story; pick it from the list that opens while you type."))

    def _today(self) -> str:
        settings = self._bot.services.settings
        now: datetime = self._bot.services.clock()
        return now.astimezone(settings.timezone).date().isoformat()


def _stages_or_none() -> dict[str, str]:
    # Said: in the list of stages: the development moves the deal to none
    return {**labels_of(Stage), NONE: say_as("stage", "None")}


class Part(Click, template=ids.PART):
    """The button that takes a join back."""

    async def answer(self, interaction: Interaction) -> None:
        """Part them, for an editor."""
        await check_editor(interaction)
        parted, stayed = await interaction.client.services.desk.part(self.said["slug"], actor=actor(interaction))
        await turn(interaction, parted_card(parted, stayed))


async def setup(bot: Dealwire) -> None:
    """Add the button; :mod:`cogs.newsdesk` registers the commands where the desk is."""
    bot.add_dynamic_items(Part)
