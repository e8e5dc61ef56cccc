"""Managing one follow from the page of all: pause, edit, remove, a test post."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import discord

from bot.cards import ids
from bot.cards.follows import unfollowed_card
from bot.cards.managing import managing_card, removing_card
from bot.cards.prose import in_a_row
from bot.cards.safe import line
from bot.client import Dealwire, Interaction
from bot.delivery.port import DeliveryError
from bot.errors import NotFound, Refused
from bot.languages import noted, noted_as, restated, say, say_as
from bot.library.targets import sample_story
from bot.model.follow import Follow, Place
from bot.model.terms import MOST_WORDS, WORD_LIMIT, Only, Ping
from bot.model.timetable import Mode
from bot.publisher.samples import send_sample
from cogs.clicks import Click, beside
from cogs.form import Form, Typed
from cogs.places import Where, can_see, check_place, manages
from cogs.wishes import Wishes

_T = TypeVar("_T")
_WORDS_LIMIT = MOST_WORDS * (WORD_LIMIT + 2)

MODES = {
    # Said: how developments come
    Mode.INSTANT: noted_as("form", "Each at once"),
    Mode.DAILY: noted_as("form", "A daily digest"),
    Mode.WEEKLY: noted_as("form", "A weekly digest"),
}
ONLY = {
    Only.DEALS: noted_as("form", "Deals"),
    Only.STAGE_CHANGES: noted_as("form", "Stage changes"),
    Only.CONFIRMED: noted_as("form", "What a party confirms"),
}
PINGS = {
    # Said: when posts ping the role
    Ping.ALWAYS: noted_as("form", "Always"),
    Ping.STAGE_CHANGES: noted_as("form", "On stage changes"),
    Ping.NEVER: noted_as("form", "Never"),
}


async def own_follow(interaction: Interaction, number: int) -> Follow:
    """The follow with this number, which the clicker may change. Raises Refused for whoever may not, or when it has ended."""
    try:
        follow = await interaction.client.services.following.get(number)
    except NotFound as exc:
        raise Refused(say("This follow has ended; `/following` lists those that there are.")) from exc
    where = follow.destination
    if where.place is Place.DM:
        if where.discord_id != interaction.user.id:
            raise Refused(say("This follow is somebody else's."))
        return follow
    if interaction.guild is None or where.guild_id != interaction.guild.id or not manages(interaction):
        raise Refused(say("You need Manage Server to change what a channel follows."))
    channel = interaction.guild.get_channel_or_thread(where.discord_id)
    if isinstance(channel, Where) and not await can_see(interaction, channel):
        raise Refused(say("You need View Channel in that channel."))
    return follow


async def managing(interaction: Interaction, follow: Follow, said: str = "") -> discord.ui.LayoutView:
    """The card of one follow as it is now."""
    following = interaction.client.services.following
    health = (await following.health([follow]))[follow.destination.discord_id]
    return managing_card(follow, health, await following.timetable(follow.destination.owner_id), said)


class Pick(Click, template=ids.MANAGE_PICK):
    """The menu of follows under a page of them."""

    async def answer(self, interaction: Interaction) -> None:
        """Open the one that was picked."""
        menu = self.item
        number = int(menu.values[0]) if isinstance(menu, discord.ui.Select) and menu.values else 0
        await beside(interaction, await managing(interaction, await own_follow(interaction, number)))


class Manage(Click, template=ids.MANAGE):
    """A button of one follow."""

    async def answer(self, interaction: Interaction) -> None:
        """Do what it says."""
        follow = await own_follow(interaction, int(self.said["number"]))
        await _ACTS[self.said["act"]](interaction, follow)


async def _open(interaction: Interaction, follow: Follow) -> None:
    await beside(interaction, await managing(interaction, follow))


async def _pause(interaction: Interaction, follow: Follow) -> None:
    by = f"<@{interaction.user.id}>"
    paused = await interaction.client.services.following.pause(follow.number, by)
    said = say("Paused: what comes meanwhile is not posted here.")
    gathered = paused.terms.mode is not Mode.INSTANT
    still = say("What was gathered before still comes in its digest.") if gathered else ""
    await beside(interaction, await managing(interaction, paused, in_a_row(said, still)))


async def _resume(interaction: Interaction, follow: Follow) -> None:
    await _check_still_possible(interaction, follow)
    resumed = await interaction.client.services.following.resume(follow.number)
    await beside(interaction, await managing(interaction, resumed, say("It is served again.")))


async def _edit(interaction: Interaction, follow: Follow) -> None:
    await interaction.response.send_modal(FollowForm(follow))


async def _ask_to_remove(interaction: Interaction, follow: Follow) -> None:
    await beside(interaction, removing_card(follow))


async def _remove(interaction: Interaction, follow: Follow) -> None:
    await interaction.client.services.following.unfollow(follow)
    await beside(interaction, unfollowed_card(follow, way_back=True))


def _switch(message: str, wishes: Wishes) -> Callable[[Interaction, Follow], Awaitable[None]]:
    async def act(interaction: Interaction, follow: Follow) -> None:
        changed = replace(follow, terms=wishes.applied_to(follow.terms))
        await _check_still_possible(interaction, changed)
        saved = await interaction.client.services.following.change(follow.number, changed.terms)
        await beside(interaction, await managing(interaction, saved, say(message)))

    return act


async def _test(interaction: Interaction, follow: Follow) -> None:
    await _check_still_possible(interaction, follow)
    services = interaction.client.services
    story = await sample_story(services.library, follow.target)
    if story is None or not story.developments:
        raise Refused(say("There is no development yet to make a test post of."))
    # A DM, or a thread that has to be opened first, can take longer than the three seconds that Discord gives.
    await interaction.response.defer(ephemeral=True, thinking=True)
    language = await interaction.client.audience.at(follow.destination)
    try:
        link = await send_sample(interaction.client, follow, story, language)
    except DeliveryError as exc:
        why = line(restated(exc.reason), 400)
        raise Refused(say("The test post could not be sent: {reason}.", reason=why)) from exc
    # Said: the word leads to the post
    said = say("A test post stands [there]({link}); it pinged nobody, and nobody is owed it.", link=link)
    await interaction.followup.send(view=await managing(interaction, follow, said), ephemeral=True)


async def _check_still_possible(interaction: Interaction, follow: Follow) -> None:
    """Raise Refused where posts could not arrive on these terms; a thread in the archive is left to the posts."""
    if interaction.guild is None or follow.destination.place is Place.DM:
        return
    channel = interaction.guild.get_channel_or_thread(follow.destination.discord_id)
    if channel is None and follow.destination.place is not Place.THREAD:
        raise Refused(say("The channel is gone: remove this follow, and make one where the posts shall go."))
    role = interaction.guild.get_role(follow.terms.role_id) if follow.terms.role_id else None
    if isinstance(channel, Where):
        await check_place(interaction, channel, role, follow.terms)


_ACTS: dict[str, Callable[[Interaction, Follow], Awaitable[None]]] = {
    "open": _open,
    "pause": _pause,
    "resume": _resume,
    "edit": _edit,
    "test": _test,
    "remove": _ask_to_remove,
    "removed": _remove,
    "silent": _switch(noted("Posts notify nobody from now on."), Wishes(silent=True)),
    "loud": _switch(noted("Posts notify again."), Wishes(silent=False)),
    "threads": _switch(noted("Each story gets a thread of its own here from now on."), Wishes(threads=True)),
    "flat": _switch(noted("Posts come to the channel itself from now on."), Wishes(threads=False)),
}


class FollowForm(Form):
    """The terms of a follow, to be changed."""

    def __init__(self, follow: Follow, typed: Typed | None = None) -> None:
        terms = follow.terms
        shown = {"words": ", ".join(terms.words), "without": ", ".join(terms.without)}
        picked = {"mode": terms.mode.value, "only": ",".join(sorted(terms.only)), "ping": terms.ping.value}
        self._shown = Typed({**shown, **picked})
        super().__init__(say_as("form", "Change what comes here"), typed or self._shown)
        self._follow = follow
        self._menus: dict[str, discord.ui.Select[Any]] = {}
        self._choose("mode", say_as("form", "How it comes"), MODES)
        self._choose("only", say_as("form", "Only"), ONLY, several=True)
        self._choose("ping", say_as("form", "Ping the role"), PINGS)
        words, without = say_as("form", "Words, one of which must be in it"), say_as("form", "Without these words")
        commas = say_as("form", "With commas")
        self.ask("words", words, _WORDS_LIMIT, hint=commas, required=False)
        self.ask("without", without, _WORDS_LIMIT, hint=commas, required=False)

    def _choose(self, name: str, label: str, choices: dict[Any, str], *, several: bool = False) -> None:
        picked = self._opened_with.get(name).split(",")
        options = [
            discord.SelectOption(label=say_as("form", message), value=key, default=key in picked)
            for key, message in choices.items()
        ]
        menu: discord.ui.Select[Any] = discord.ui.Select(
            options=options,
            required=not several,
            min_values=0 if several else 1,
            max_values=len(options) if several else 1,
            placeholder=say_as("form", "Everything") if several else None,
        )
        self._menus[name] = menu
        self.add_item(discord.ui.Label(text=label, component=menu))

    @property
    def typed(self) -> Typed:
        """What is in the fields now, and what is picked."""
        picked = {name: ",".join(sorted(menu.values)) for name, menu in self._menus.items()}
        return Typed({**super().typed.values, **picked})

    def again(self, typed: Typed) -> Form:
        """The same form, filled in."""
        return FollowForm(self._follow, typed)

    async def check(self, interaction: Interaction) -> None:
        """Whoever may manage the follow."""
        await own_follow(interaction, self._follow.number)

    async def show(self, interaction: Interaction, done: discord.ui.LayoutView) -> None:
        """The follow as it is now, in place of the card that the form was opened from."""
        await beside(interaction, done)

    async def carry_out(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Change what was changed in the form, so that a colleague's change meanwhile stays."""
        typed = self.typed
        changed = {name: typed.get(name) for name in typed.unlike(self._shown)}
        now = await own_follow(interaction, self._follow.number)
        terms = Wishes(
            mode=changed.get("mode"),
            only=changed.get("only"),
            ping=changed.get("ping"),
            words=changed.get("words"),
            without=changed.get("without"),
        ).applied_to(now.terms)
        await _check_still_possible(interaction, replace(now, terms=terms))
        saved = await interaction.client.services.following.change(now.number, terms)
        return await managing(
            interaction, saved, say("Changed. What was posted, and what is on its way, stays as it is.")
        )


async def setup(bot: Dealwire) -> None:
    """Add the menu and the buttons."""
    bot.add_dynamic_items(Pick, Manage)
