"""Options that take a member of a fixed vocabulary, such as a stage or a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.feeds import trust_label
from bot.languages import render_in_all_languages
from bot.model.delivery_settings import DeliveryMode
from bot.model.feed import Trust
from bot.model.follow_settings import PingPolicy
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.drafts import parse_enum
from cogs.autocomplete import filter_choices

MemberT = TypeVar("MemberT", bound=StrEnum)


class VocabularyOption(app_commands.Transformer, commands.Converter[Any], Generic[MemberT]):
    """An option whose value is one of ``members``, in slash commands and in typed ones.

    It takes a member's value, its label in the user's language, one of ``aliases``, or the label in another language of
    the bot, in any case and spacing. A blank text is None. Anything else raises InputError for the option ``name``.
    """

    def __init__(
        self,
        name: str,
        members: Iterable[MemberT],
        *,
        label: Callable[[MemberT], str] = lambda member: str(getattr(member, "label", member.value)),
        aliases: Mapping[str, MemberT] | None = None,
    ) -> None:
        self._option_name = name
        self._members = tuple(members)
        self._label = label
        self._aliases = aliases or {}

    def parse(self, text: str) -> MemberT | None:
        """Return the member that *text* names, or None if it is blank. Raises InputError."""
        normalized_text = _normalize(text)
        if not normalized_text:
            return None
        for member in self._members:
            if normalized_text in (member.value, _normalize(self._label(member))):
                return member
        if normalized_text in self._aliases:
            return self._aliases[normalized_text]
        for member in self._members:
            labels = render_in_all_languages(partial(self._label, member))
            if normalized_text in map(_normalize, labels):
                return member
        return parse_enum(self._option_name, text.strip(), self._members)

    async def transform(self, _interaction: discord.Interaction, value: Any, /) -> MemberT | None:
        """Return the member that the option of a slash command names."""
        return self.parse(str(value))

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> MemberT | None:
        """Return the member that a word of a typed command names."""
        return self.parse(argument)

    async def autocomplete(  # type: ignore[override]  # our choices are texts
        self, _interaction: discord.Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """Return the members whose value or label contains *value*."""
        return filter_choices({member.value: self._label(member) for member in self._members}, str(value))


def _normalize(text: str) -> str:
    return " ".join(text.casefold().split())


MODE_OPTION = VocabularyOption(
    "mode",
    DeliveryMode,
    aliases={
        "digest": DeliveryMode.DAILY,
        "at once": DeliveryMode.INSTANT,
        "day": DeliveryMode.DAILY,
        "week": DeliveryMode.WEEKLY,
    },
)
PING_OPTION = VocabularyOption(
    "ping",
    PingPolicy,
    aliases=dict.fromkeys(("stage", "stages", "stage change", "stage changes"), PingPolicy.STAGE_CHANGES),
)

# Annotations of options that may be left out.
OptionalStage: TypeAlias = Annotated[Stage, VocabularyOption("stage", Stage)] | None
OptionalKind: TypeAlias = Annotated[Kind, VocabularyOption("kind", Kind)] | None
OptionalDealKind: TypeAlias = Annotated[Kind, VocabularyOption("kind", [kind for kind in Kind if kind.is_deal])] | None
OptionalClaim: TypeAlias = Annotated[Claim, VocabularyOption("claim", Claim)] | None
OptionalMode: TypeAlias = Annotated[DeliveryMode, MODE_OPTION] | None
OptionalPing: TypeAlias = Annotated[PingPolicy, PING_OPTION] | None
OptionalTrust: TypeAlias = Annotated[Trust, VocabularyOption("trust", Trust, label=trust_label)] | None
