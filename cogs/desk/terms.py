"""The desk's forms and buttons for the terms of a story: add, change, remove, restore."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.cards import custom_ids
from bot.cards.terms import term_card, term_list_card
from bot.languages import say, say_as
from bot.model.proposals import TermProposal
from bot.model.story import Source, Story
from bot.model.terms import TERM_REMOVED, Term, TermName
from bot.model.vocabulary import Claim
from bot.newsroom.drafts import parse_term
from bot.newsroom.field_validation import NAME_LIMIT
from bot.newsroom.form_fields import format_sources, format_term_figure, parse_sources, parse_term_fields
from bot.newsroom.story_writer import PublishOutcome
from bot.platforms.discord.client import Interaction
from cogs.autocomplete import get_labels
from cogs.editors import check_editor, get_actor
from cogs.modal import FormValues, RetryableModal
from cogs.persistent import PersistentItem, reply_privately


class TermModal(RetryableModal):
    """A figure of a story: a new one, or one to change."""

    def __init__(self, story: Story, term: Term | None, values: FormValues | None = None) -> None:
        self._original_values = _get_values(term)
        title = say_as("form", "Change a figure") if term else say_as("form", "Add a figure")
        super().__init__(title, values or self._original_values)
        self._story, self._term = story, term
        self.add_menu("name", say_as("form", "What it is"), {name.value: name.label for name in TermName})
        hint = say_as("form hint", "Such as $69bn, 51%, up to 100,000 vehicles/year")
        self.add_field("figure", say_as("form", "Figure"), NAME_LIMIT, hint=hint)
        self.add_menu("claim", say_as("form", "Claim"), get_labels(Claim))
        hint = say_as("form hint", "YYYY, YYYY-MM or YYYY-MM-DD")
        self.add_field("date", say_as("form", "Date"), NAME_LIMIT, hint=hint, required=False)
        self.add_sources_field()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return TermModal(self._story, self._term, values)

    async def submit(self, interaction: Interaction) -> Any:
        """Add the figure, or change only the edited fields, so that a concurrent change of the others is kept."""
        values, desk, actor = self.values, interaction.client.services.desk, get_actor(interaction)
        fields: dict[str, Any] = {
            **parse_term_fields(TermName(values.get("name")), values.get("figure")),
            "claim": values.get("claim"),
            "date": values.get("date").strip(),
            "source": parse_sources(values.get("sources")),
        }
        if self._term is None:
            draft = parse_term({"id": "new", **{name: value for name, value in fields.items() if value != ""}}, "")
            outcome = await desk.add_term(self._story.slug, draft, actor=actor)
            return _build_outcome_card(outcome, say("Added. Readers see it on the card."))
        changed_names = values.find_changes(self._original_values)
        keys = {
            "name": _FIGURE_KEYS,
            "figure": _FIGURE_KEYS,
            "claim": ("claim",),
            "date": ("date",),
            "sources": ("source",),
        }
        changes = {key: fields[key] for name in changed_names for key in keys[name]}
        outcome = await desk.correct_term(self._term.id, changes, actor=actor)
        return _build_outcome_card(outcome, say("Changed."), self._term)


_FIGURE_KEYS = ("name", "amount", "unit", "bound")


def _get_values(term: Term | None) -> FormValues:
    if term is None:
        return FormValues({"name": TermName.VALUE.value, "claim": Claim.REPORTED.value})
    return FormValues(
        {
            "name": term.name.value,
            "figure": format_term_figure(term),
            "claim": term.claim.value,
            "date": str(term.date or ""),
            "sources": format_sources(term.sources),
        }
    )


def build_term_values(proposal: TermProposal, claim: Claim, source: Source) -> FormValues:
    """Return the fields of the form for a figure that an article gives."""
    term = replace(proposal.to_term(claim), date=source.date, sources=(source,))
    return _get_values(term)


def _build_outcome_card(outcome: PublishOutcome, message: str, original: Term | None = None) -> Any:
    changed_terms = [*outcome.new_terms, *(new for _, new in outcome.term_corrections)]
    if not changed_terms:
        return term_card(outcome.story, original, say("No change.")) if original else term_list_card(outcome.story)
    # A new term gets its id when it is stored.
    term = outcome.story.find_term(changed_terms[0].key)
    return term_card(outcome.story, term or changed_terms[0], message)


class TermsButton(PersistentItem, template=custom_ids.TERMS.pattern):
    """The buttons of a story's list of terms."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the list, or open the form for a new one, for an editor."""
        await check_editor(interaction)
        story = await interaction.client.services.library.get_story(self.params["slug"])
        if self.params["action"] == "add":
            await interaction.response.send_modal(TermModal(story, None))
        else:
            await reply_privately(interaction, term_list_card(story))


class TermMenu(PersistentItem, template=custom_ids.TERM_MENU.pattern):
    """The menu of a story's terms."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the selected term, for an editor."""
        await check_editor(interaction)
        story, term = await interaction.client.services.library.get_term(int(self.get_selection()))
        await reply_privately(interaction, term_card(story, term))


class TermButton(PersistentItem, template=custom_ids.TERM.pattern):
    """The buttons of a term."""

    async def handle(self, interaction: Interaction) -> None:
        """Open the form with the term, remove it, or restore it, for an editor."""
        await check_editor(interaction)
        services = interaction.client.services
        story, term = await services.library.get_term(int(self.params["term_id"]))
        if self.params["action"] == "edit":
            await interaction.response.send_modal(TermModal(story, term))
            return
        is_removal = self.params["action"] == "remove"
        # The store keeps our reason in English, and shows it in each reader's language.
        fields = {"retracted": str(TERM_REMOVED) if is_removal else ""}
        outcome = await services.desk.correct_term(term.id, fields, actor=get_actor(interaction))
        message = say("Removed. Readers no longer see it on the card.") if is_removal else say("Restored.")
        await reply_privately(interaction, _build_outcome_card(outcome, message, term))
