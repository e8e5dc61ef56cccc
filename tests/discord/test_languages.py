"""Who is spoken to in which language: those who ask in their own, a channel in its server's, a person by DM in theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from simcord import interactions
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.errors import StoreBusy
from bot.languages import catalogues
from tests.discord.follow_cards import open_follow_card, press
from tests.discord.seen import buttons, erase, menus, message_of, parts, private, said
from tests.discord.stage import Scene
from tests.discord.times import settings
from tests.languages.pseudo import Bracketed

FULL, FULL_IN_GERMAN = "Full story", "⟦Full story⟧"
MENU = "dw:language"
Speaks = Callable[[MemberActor, str], None]


@pytest.fixture(autouse=True)
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put every German message into brackets."""
    made = catalogues._load_translations
    monkeypatch.setattr(catalogues, "_load_translations", lambda code: Bracketed() if code == "de" else made(code))


@pytest.fixture
def speaks(monkeypatch: pytest.MonkeyPatch) -> Speaks:
    """Says in which language somebody's Discord is; the simulated one has all of them in English."""
    made, locales = interactions.base_payload, dict[int, str]()

    def payload(*args: Any, user_id: int, **options: Any) -> Any:
        record, told = made(*args, user_id=user_id, **options)
        return record, {**told, "locale": locales.get(user_id, told["locale"])}

    monkeypatch.setattr(interactions, "base_payload", payload)
    return lambda who, locale: locales.update({who.id: locale})


async def chosen(scene: Scene, owner: int) -> str:
    """Return the language that is stored for a server or a person."""
    return (await scene.container.services.delivery_settings.get(owner)).language


async def in_dms(scene: Scene, who: MemberActor) -> Any:
    """Return the one post that stands in somebody's DMs."""
    await scene.publish()
    await scene.send_posts()
    (post,) = scene.posts(who.user.dm_channel)
    return post


def picked(shown: Any) -> list[str]:
    """Return what is marked in the menu of languages."""
    (menu,) = [part for part in parts(shown) if part.get("custom_id") == MENU]
    return [option["value"] for option in menu["options"] if option.get("default")]


async def test_answers_are_in_the_language_of_the_users_discord(scene: Scene, speaks: Speaks) -> None:
    """Also where the card was somebody else's, and when it is an error that is told."""
    speaks(scene.reader, "de")
    english = await scene.editor.slash(scene.deals, "deal", query="nissan foxconn")
    german = await scene.reader.slash(scene.deals, "deal", query="nissan foxconn")
    assert FULL in buttons(english)
    assert FULL_IN_GERMAN in buttons(german)
    assert "⟦" in said(await scene.reader.click(message_of(english), label=FULL))
    assert "⟦" not in said(await scene.editor.click(message_of(german), label=FULL_IN_GERMAN))
    refused = await scene.reader.slash(scene.deals, "settings", cap=3)
    assert "⟦You need Manage Server" in said(refused)


async def test_a_servers_language_is_that_of_posts_and_typed_commands(scene: Scene) -> None:
    saved = await settings(scene, language="de")
    assert "**Language** · Deutsch" in said(saved)
    assert "⟦" not in said(saved), "the editor's Discord is in English"
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.publish()
    await scene.send_posts()
    (post,) = scene.posts()
    assert FULL_IN_GERMAN in buttons(post)
    assert FULL_IN_GERMAN in buttons(await scene.ask("!deal nissan foxconn"))
    assert "⟦No story matches “zzgrbl”.⟧" in said(await scene.ask("!deal zzgrbl"))
    assert FULL in buttons(await scene.editor.slash(scene.deals, "deal", query="nissan foxconn"))


async def test_two_servers_get_a_post_each_in_their_own_language(scene: Scene) -> None:
    """Discord's language of the server counts where none is set; a language that the bot doesn't speak is none."""
    there = {locale: _follower(scene, locale) for locale in ("de", "fr")}
    await scene.env.settle()
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    for boss, channel in there.values():
        await boss.slash(channel, "follow", target="nissan")
    await scene.publish()
    await scene.send_posts()
    for channel, label in ((scene.deals, FULL), (there["de"][1], FULL_IN_GERMAN), (there["fr"][1], FULL)):
        (post,) = scene.posts(channel)
        assert label in buttons(post)
    for locale, expected in (
        ("de", "Deutsch, the language that Discord uses here"),
        ("fr", "English, because the bot doesn't speak"),
    ):
        boss, channel = there[locale]
        assert f"automatic: {expected}" in said(await boss.slash(channel, "settings"))


def _follower(scene: Scene, locale: str) -> tuple[MemberActor, ChannelHandle]:
    guild = scene.env.create_guild(locale, preferred_locale=locale)
    return guild.add_member(guild.owner), guild.create_text_channel("news")


@pytest.mark.parametrize("by_button", [False, True])
async def test_dm_posts_are_in_the_language_of_the_users_discord(scene: Scene, speaks: Speaks, by_button: bool) -> None:
    """Who follows by DM is written to in the language of their Discord."""
    speaks(scene.reader, "de")
    if by_button:
        card = await scene.ask("!deal oppama")
        await scene.reader.click(card, label="Follow")
    else:
        await scene.reader.slash(scene.deals, "follow", target="nissan")
    assert await chosen(scene, scene.reader.id) == "de"
    assert FULL_IN_GERMAN in buttons(await in_dms(scene, scene.reader))


async def test_the_greeting_is_in_the_language_of_the_users_discord(scene: Scene, speaks: Speaks) -> None:
    """The greeting is in the language of the follower's Discord."""
    speaks(scene.reader, "de")
    await scene.reader.slash(scene.deals, "follow", target="nissan")
    assert "⟦From now on, new developments arrive here" in said(scene.reader.user.dm_channel.history()[0])


async def test_a_language_that_was_chosen_stays_and_english_needs_none(scene: Scene, speaks: Speaks) -> None:
    await scene.reader.slash(scene.deals, "follow", target="toyota")
    assert await chosen(scene, scene.reader.id) == ""
    speaks(scene.reader, "de")
    await scene.ask("!follow honda")
    assert await chosen(scene, scene.reader.id) == "", "what is typed does not say in which language"
    await scene.reader.user.slash("settings", language="en")
    await scene.reader.slash(scene.deals, "follow", target="nissan")
    assert await chosen(scene, scene.reader.id) == "en"
    assert FULL in buttons(await in_dms(scene, scene.reader))


async def test_data_names_the_language_and_erasing_forgets_it(scene: Scene, speaks: Speaks) -> None:
    """Data tells of the language and erasing forgets it at once."""
    speaks(scene.reader, "de")
    await scene.reader.slash(scene.deals, "follow", target="nissan")
    await settings(scene, language="de")
    delivery_settings = scene.container.services.delivery_settings
    told = said(await scene.reader.slash(scene.deals, "data"))
    assert "the language Deutsch" in told.split("⟦About you⟧")[1].split("\n")[0]
    assert "the language Deutsch" in told.split("⟦About this server⟧")[1].split("\n")[0]
    for who, owner, label in (
        (scene.reader, scene.reader.id, "⟦Erase my data⟧"),
        (scene.editor, scene.guild.id, "Erase this server's data"),
    ):
        assert await delivery_settings.get_language(owner) == "de"
        await erase(who, message_of(await who.slash(scene.deals, "data")), label)
        assert await chosen(scene, owner) == await delivery_settings.get_language(owner) == ""


async def test_the_menu_under_the_settings_chooses_at_once(scene: Scene, speaks: Speaks) -> None:
    shown = await scene.editor.slash(scene.deals, "settings")
    assert "**Language** · automatic: English, the language that Discord uses here" in said(shown)
    (choices,) = menus(shown).values()
    assert choices == {"Automatic": "auto", "English": "en", "Deutsch": "de", "Español": "es", "日本語": "ja"}
    assert picked(shown) == ["auto"]
    done = await scene.editor.select(message_of(shown), ["ja"], custom_id=MENU)
    assert "Saved: settings for this server" in said(done), "in the language of who chose"
    assert private(done)
    assert picked(done) == ["ja"]
    assert await chosen(scene, scene.guild.id) == "ja"
    speaks(scene.editor, "de")
    again = await scene.editor.select(message_of(done), ["auto"], custom_id=MENU)
    assert "⟦Saved: settings for this server⟧" in said(again)
    assert await chosen(scene, scene.guild.id) == ""


async def test_the_chosen_language_answers_unsupported_locales(scene: Scene, speaks: Speaks) -> None:
    """A language of ours that was chosen answers whose Discord is in none."""
    speaks(scene.editor, "fr")
    assert "⟦Saved: settings for this server⟧" in said(await settings(scene, language="de"))


async def test_only_who_may_change_the_language_gets_the_menu(scene: Scene) -> None:
    assert menus(await scene.reader.slash(scene.deals, "settings")) == {}
    opener = await scene.editor.slash(scene.deals, "settings")
    assert menus(await scene.reader.user.slash("settings")), "a DM's are one's own"
    refused = await scene.reader.slash(scene.deals, "settings", language="de")
    assert "You need Manage Server" in said(refused)
    assert message_of(opener).flags.ephemeral
    assert await chosen(scene, scene.guild.id) == ""


async def test_test_posts_and_warnings_are_in_their_readers_language(scene: Scene, speaks: Speaks) -> None:
    """Not in that of who asked for the one, nor of the channel that the other is about."""
    await settings(scene, language="de")
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await press(scene, await open_follow_card(scene), "Test post")
    (sample,) = scene.own()
    assert "⟦" in said(sample)
    scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=403, code=50013)
    await scene.guild.owner.slash("settings", language="de")
    await scene.publish()
    await scene.send_posts()
    for user, expected in (
        (scene.editor.user, "Posts can't be delivered in"),
        (scene.guild.owner, "⟦Posts can't be delivered in"),
    ):
        (warning,) = [m for m in user.dm_channel.history() if "be delivered" in said(m)]
        assert said(warning).strip().startswith(expected)
    assert "⟦the bot can't post there" in said(warning), "and so is the reason, which is kept in English"


async def test_days_and_what_is_off_are_understood_in_the_language(scene: Scene, speaks: Speaks) -> None:
    speaks(scene.editor, "de")
    await settings(scene, digest_day="Mittwoch", quiet_hours="22 Uhr bis 7 Uhr")
    shown = said(await settings(scene, digest_day="fri"))
    assert "on Freitag" in shown
    assert "22:00-07:00" in shown
    await settings(scene, quiet_hours="⟦off⟧")
    table = await scene.container.services.delivery_settings.get(scene.guild.id)
    assert (table.digest_day, table.quiet_from) == (4, None)
    offered = await scene.editor.autocomplete(scene.deals, "settings", "digest_day", "so")
    assert [(choice["name"], choice["value"]) for choice in offered] == [("Sonntag", "sunday")]


async def test_an_option_that_is_refused_is_called_as_discord_calls_it(scene: Scene, speaks: Speaks) -> None:
    """In a typed command it has one name, whatever is spoken."""
    speaks(scene.editor, "de")
    refused = said(await scene.editor.slash(scene.deals, "follow", target="nissan", mode="hourly"))
    assert "⟦mode⟧: " in refused
    await settings(scene, language="de")
    typed = said(await scene.ask("!deals stage: nowhere"))
    assert typed.strip().startswith("stage: ")


async def test_answers_come_even_if_the_store_has_no_language(
    scene: Scene, speaks: Speaks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program may hold it just then; whoever asks is answered in English."""

    async def held(_owner_id: int) -> str:
        raise StoreBusy("The database is in use by another program; try again.")

    monkeypatch.setattr(scene.client.language_resolver, "_get_chosen_language", held)
    speaks(scene.reader, "fr")
    assert FULL in buttons(await scene.reader.slash(scene.deals, "deal", query="nissan foxconn"))
    assert FULL in buttons(await scene.ask("!deal nissan foxconn"))
