"""The forms of the review queue: look an article over before it is published, begin a story with it, name a story."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from bot.cards.marks import choice
from bot.cards.review import decided_card, review_card
from bot.client import Interaction
from bot.languages import say, say_as, speaking, spoken
from bot.model.review import Review
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.clippings import shortened
from bot.newsroom.drafts import DevelopmentDraft, read_date, read_word
from bot.newsroom.forms import read_face
from bot.newsroom.limits import HEADLINE_LIMIT, SUMMARY_LIMIT, TEXT_LIMIT, check_text
from bot.services import Services
from cogs.editors import actor
from cogs.form import Form, Typed

NONE = "none"
_NEWEST = 25


async def shown_after(interaction: Interaction, review: Review) -> None:
    """The review as it is now, in place of the card that was clicked; in the queue of one's own, with the way on.

    What stands in the desk's channel is in the language of the desk's server.
    """
    message, client = interaction.message, interaction.client
    own = bool(message and message.flags.ephemeral)
    public = bool(message and not own and message.id == review.message_id)
    code = await client.audience.on_server(interaction.guild_id or 0) if public else spoken().code
    with speaking(code):
        card = await _as_it_is(client.services, review, own=own)
    if own or public:
        await interaction.response.edit_message(view=card)
    else:
        await interaction.response.send_message(view=card, ephemeral=True)


async def _as_it_is(services: Services, review: Review, *, own: bool) -> discord.ui.LayoutView:
    stories = await services.reviews.stories(review)
    if review.waits:
        newest = await services.library.complete_story("", deals_only=False, limit=_NEWEST)
        return review_card(review, stories, map(choice, newest))
    return decided_card(review, stories, await services.reviews.count_waiting() if own else None)


class ReviewForm(Form):
    """A form whose sending decides about an article."""

    def __init__(self, title: str, number: int, typed: Typed) -> None:
        super().__init__(title, typed)
        self.number = number
        self._menus: dict[str, discord.ui.Select[Any]] = {}

    def choose(self, name: str, label: str, choices: dict[str, str]) -> None:
        """Add a menu; one of its choices is picked as it opens."""
        picked = self._opened_with.get(name)
        options = [discord.SelectOption(label=said, value=key, default=key == picked) for key, said in choices.items()]
        self._menus[name] = discord.ui.Select(options=options)
        self.add_item(discord.ui.Label(text=label, component=self._menus[name]))

    @property
    def typed(self) -> Typed:
        """What is in the fields now, and what is picked."""
        picked = {name: menu.values[0] for name, menu in self._menus.items() if menu.values}
        return Typed({**super().typed.values, **picked})

    async def show(self, interaction: Interaction, done: discord.ui.LayoutView) -> None:
        """What was decided, where the article stood."""
        await shown_after(interaction, await interaction.client.services.reviews.get(self.number))


class EditForm(ReviewForm):
    """What would be published, to be looked over."""

    def __init__(self, number: int, story: Story, draft: DevelopmentDraft, typed: Typed | None = None) -> None:
        shown = {
            "headline": draft.headline,
            "text": draft.text,
            "date": str(draft.date),
            "claim": draft.claim.value,
            "stage": draft.stage.value if draft.stage else NONE,
        }
        super().__init__(say_as("form", "Publish a development"), number, typed or Typed(shown))
        self._story, self._draft = story, draft
        # Said: below the field for the headline of a development: the story that it will be in
        hint = shortened(say_as("form hint", "In: {story}", story=story.headline), 100)
        self.ask_headline(hint)
        self.ask_text()
        self.ask("date", say_as("form", "Date"), 10, hint=say_as("form hint", "2025, 2025-08 or 2025-08-16"))
        self.choose("claim", say_as("form", "Claim"), {claim.value: claim.label for claim in Claim})
        if story.kind.is_deal:
            stays = {NONE: say_as("menu", "The stage stays")}
            self.choose("stage", say_as("form", "Stage"), stays | {stage.value: stage.label for stage in Stage})

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return EditForm(self.number, self._story, self._draft, typed)

    async def carry_out(self, interaction: Interaction) -> str:
        """Publish it as it was sent."""
        typed = self.typed
        stage = typed.get("stage") or NONE
        changes: dict[str, Any] = {
            "headline": check_text("headline", typed.get("headline"), HEADLINE_LIMIT),
            "text": check_text("text", typed.get("text"), TEXT_LIMIT, lines=True, required=False),
            "date": read_date("date", typed.get("date")),
            "claim": read_word("claim", typed.get("claim"), Claim),
            "stage": None if stage == NONE else read_word("stage", stage, Stage),
        }
        await interaction.client.services.reviews.publish(
            self.number, self._story.slug, actor=actor(interaction), change=lambda draft: replace(draft, **changes)
        )
        return say("Published.")


class OpenForm(ReviewForm):
    """A new story that begins with the article."""

    def __init__(self, review: Review, typed: Typed | None = None) -> None:
        shown = {
            "headline": shortened(review.article.title, HEADLINE_LIMIT),
            "summary": "",
            "kind": Kind.OTHER.value,
            "parties": "\n".join(review.suggestion.companies),
        }
        super().__init__(say_as("form", "Begin a story"), review.number, typed or Typed(shown))
        self._review = review
        self.ask_headline()
        hint = say_as("form hint", "Two to four sentences; empty: the headline")
        self.ask("summary", say_as("form", "Summary"), SUMMARY_LIMIT, hint=hint, long=True, required=False)
        self.choose("kind", say_as("form", "Kind"), {kind.value: kind.label for kind in Kind})
        self.ask_parties()

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return OpenForm(self._review, typed)

    async def carry_out(self, interaction: Interaction) -> str:
        """Begin it, with the article as its first development."""
        typed = self.typed
        headline = typed.get("headline")
        summary = typed.get("summary").strip() or headline
        face = read_face(headline, summary, typed.get("kind"), typed.get("parties"), "")
        await interaction.client.services.reviews.open_story(self.number, face, actor=actor(interaction))
        return say("Published.")


class NameForm(ReviewForm):
    """A story to publish in, by any of its names."""

    def __init__(self, number: int, typed: Typed | None = None) -> None:
        super().__init__(say_as("form", "Publish in another story"), number, typed or Typed())
        hint = say_as("form hint", "Its headline, its slug, or what you would ask for")
        self.ask("story", say_as("form", "Story"), 200, hint=hint)

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return NameForm(self.number, typed)

    async def carry_out(self, interaction: Interaction) -> str:
        """Find the story, and publish in it."""
        services = interaction.client.services
        slug = await services.library.only_story(self.typed.get("story"))
        await services.reviews.publish(self.number, slug, actor=actor(interaction))
        return say("Published.")
