"""The page of follows, and the card of one of them: pause, resume, edit, remove."""

from __future__ import annotations

from typing import Any

from simcord.builders import RoleHandle

from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import FollowState
from bot.model.follow_settings import FollowFilter, PingPolicy
from tests.discord.follow_cards import PICKER, open_follow_card, press
from tests.discord.seen import OpenForm, buttons, check_limits, menus, message_of, private, said
from tests.discord.stage import Scene
from tests.discord.times import at, follow, news, texts


async def sent(scene: Scene, form: OpenForm, **values: Any) -> Any:
    """Return the form, sent with some fields typed or picked anew: by the first word of their labels, menus as lists."""
    filled = form.filled()
    for label in form.labels:
        word = label.split()[0].strip(",").lower()
        if word in values:
            filled[form.control_id(label)] = values[word]
    return await scene.editor.submit_modal(form.shown, filled)


async def test_the_page_opens_a_follow_with_all_that_can_be_done(blank: Scene) -> None:
    await follow(blank, words="acme, bolt", without="rumour", mention=blank.role)
    listed = await blank.editor.slash(blank.deals, "following")
    assert private(listed)
    assert menus(listed) == {"Manage a follow": {"everything": str((await blank.follows())[0].id)}}
    card = await open_follow_card(blank)
    assert private(card)
    check_limits(card)
    for expected in (f"<#{blank.deals.id}> · **everything**", "acme, bolt", "rumour", f"by <@{blank.editor.id}>"):
        assert expected in said(card)
    assert list(buttons(card)) == [
        "Pause", "Edit", "Test post", "Unfollow", "Post silently", "A thread for each story", "Turn on reminders", "All follows",
    ]  # fmt: skip
    assert blank.pinged(card) == []
    back = await press(blank, card, "All follows")
    assert "What this server follows" in said(back)


async def test_a_paused_follow_is_not_served_until_it_is_resumed(blank: Scene) -> None:
    await follow(blank)
    card = await open_follow_card(blank)
    paused = await press(blank, card, "Pause")
    assert "Paused" in said(paused)
    assert f"paused by <@{blank.editor.id}>" in said(paused), "by name, not by a number"
    assert "Resume" in buttons(paused)
    await news(blank, "supply", "Meanwhile")
    await blank.send_posts()
    assert blank.posts() == []
    assert "1 follow, 1 paused" in said(await blank.editor.slash(blank.deals, "following"))
    why = await blank.ask("!why supply", by=blank.editor)
    assert f"the follow was paused or had stopped · paused by <@{blank.editor.id}>" in said(why)
    assert blank.pinged(why) == []
    resumed = await press(blank, paused, "Resume")
    assert "Resumed" in said(resumed)
    await news(blank, "supply", "Afterwards")
    await blank.send_posts()
    assert ["Afterwards" in said(post) for post in blank.posts()] == [True]


async def test_a_paused_follow_still_gets_its_open_digest(blank: Scene) -> None:
    """Nothing that was owed is dropped by a pause; what comes meanwhile is not in it."""
    await follow(blank, mode="daily")
    await news(blank, "supply", "Before the pause")
    paused = await press(blank, await open_follow_card(blank), "Pause")
    assert "What was already collected still arrives" in said(paused)
    await news(blank, "supply", "During the pause")
    await at(blank, "2026-01-01T08:00:00")
    assert "Before the pause" in texts(blank.posts())
    assert "During the pause" not in texts(blank.posts())


async def test_following_again_by_command_takes_up_a_paused_follow(blank: Scene) -> None:
    await follow(blank)
    await press(blank, await open_follow_card(blank), "Pause")
    await follow(blank)
    (found,) = await blank.follows()
    assert found.state is FollowState.ACTIVE


async def test_the_edit_form_shows_and_changes_the_settings(blank: Scene) -> None:
    """The edit form shows the terms and changes what was changed."""
    await follow(blank, words="acme", only="deals", mention=blank.role)
    form = OpenForm(await press(blank, await open_follow_card(blank), "Edit"))
    assert form.chosen("How posts arrive") == ["instant"]
    assert form.chosen("Only") == ["deals"]
    assert form.chosen("Ping the role") == ["always"]
    assert form.text("Words (one is enough)") == "acme"
    done = await sent(blank, form, how=["weekly"], only=["confirmed", "stage-changes"], ping=["never"], without="bolt")
    assert "Changed" in said(done)
    assert private(done)
    (found,) = await blank.follows()
    terms = found.settings
    assert (terms.mode, terms.ping, terms.keywords, terms.excluded_keywords) == (
        DeliveryMode.WEEKLY,
        PingPolicy.NEVER,
        ("acme",),
        ("bolt",),
    )
    assert terms.filters == {FollowFilter.CONFIRMED, FollowFilter.STAGE_CHANGES}
    assert terms.role_id == blank.role.id
    again = OpenForm(await press(blank, await open_follow_card(blank), "Edit"))
    await sent(blank, again, only=[], words="")
    (found,) = await blank.follows()
    assert (found.settings.filters, found.settings.keywords, found.settings.mode) == (
        frozenset(),
        (),
        DeliveryMode.WEEKLY,
    )


async def test_a_refused_form_loses_nothing_of_what_was_typed(blank: Scene) -> None:
    """The bad field is named; mended, all else that was changed the first time is changed too."""
    await follow(blank)
    form = OpenForm(await press(blank, await open_follow_card(blank), "Edit"))
    refused = await sent(blank, form, how=["daily"], ping=["never"], words="w" * 51)
    assert "longer than 50 characters" in said(refused)
    again = OpenForm(await press(blank, refused, "Fix and resubmit"))
    assert again.chosen("How posts arrive") == ["daily"]
    await sent(blank, again, words="short")
    (found,) = await blank.follows()
    assert (found.settings.mode, found.settings.ping, found.settings.keywords) == (
        DeliveryMode.DAILY,
        PingPolicy.NEVER,
        ("short",),
    )


async def test_two_editors_at_once_keep_each_others_changes(blank: Scene) -> None:
    colleague = blank.guild.add_member(blank.env.create_user("colleague"), roles=[_editors(blank)])
    await follow(blank)
    form = OpenForm(await press(blank, await open_follow_card(blank), "Edit"))
    theirs = await open_follow_card(blank, by=colleague)
    await press(blank, theirs, "Post silently", by=colleague)
    await blank.editor.slash(blank.deals, "follow", target="everything", words="acme")
    await sent(blank, form, how=["daily"])
    (found,) = await blank.follows()
    assert (found.settings.mode, found.settings.silent, found.settings.keywords) == (
        DeliveryMode.DAILY,
        True,
        ("acme",),
    )


async def test_a_follow_that_has_ended_meanwhile_says_so(blank: Scene) -> None:
    await follow(blank)
    card, asked = await open_follow_card(blank), await open_follow_card(blank)
    form = OpenForm(await press(blank, card, "Edit"))
    question = await press(blank, asked, "Unfollow")
    await blank.editor.slash(blank.deals, "unfollow", target="everything")
    for label in ("Pause", "Edit", "Test post", "Unfollow", "Post silently"):
        shown = await press(blank, card, label)
        assert "This follow has ended" in said(shown)
        assert private(shown)
    assert "This follow has ended" in said(await press(blank, question, "Unfollow"))
    assert "This follow has ended" in said(await sent(blank, form, how=["daily"]))
    assert await blank.follows() == []


async def test_removing_asks_first(blank: Scene) -> None:
    await follow(blank)
    question = await press(blank, await open_follow_card(blank), "Unfollow")
    assert "Unfollow " in said(question)
    kept = await press(blank, question, "Keep")
    assert "Pause" in buttons(kept)
    assert len(await blank.follows()) == 1
    gone = await press(blank, await press(blank, kept, "Unfollow"), "Unfollow")
    assert f"<#{blank.deals.id}> no longer follows **everything**" in said(gone)
    assert await blank.follows() == []
    assert "All follows" in buttons(gone), "there is a way back to the others"


async def test_a_member_without_manage_server_manages_nothing(blank: Scene) -> None:
    await follow(blank)
    listed = await blank.reader.slash(blank.deals, "following")
    assert menus(listed) == {}
    public = await blank.ask("!following", by=blank.editor)
    number = str((await blank.follows())[0].id)
    shown = await blank.reader.select(public, [number], custom_id=PICKER)
    assert "You need Manage Server" in said(shown)
    assert private(shown)


async def test_only_its_owner_manages_a_dm_follow(blank: Scene) -> None:
    """Ones own follow by DM is managed in the DM and by nobody else."""
    reader = blank.reader.user
    await reader.slash("follow", target="everything")
    listed = await reader.slash("following")
    (number,) = next(iter(menus(listed).values())).values()
    card = await reader.select(message_of(listed), [number], custom_id=PICKER)
    assert "Your DMs" in said(card)
    paused = await reader.click(message_of(card), label="Pause")
    assert "Paused" in said(paused)
    await follow(blank)
    public = await blank.ask("!following", by=blank.editor)
    stored = blank.env.backend.get_message(blank.deals.id, public.id)
    _option(stored.components)["value"] = number
    shown = await blank.editor.select(public, [number], custom_id=PICKER)
    assert "This follow belongs to somebody else" in said(shown)


async def test_silence_and_threads_are_switched_by_a_button(blank: Scene) -> None:
    await follow(blank)
    silent = await press(blank, await open_follow_card(blank), "Post silently")
    assert "Posts are now silent" in said(silent)
    threads = await press(blank, silent, "A thread for each story")
    assert "each story gets its own thread" in said(threads)
    (found,) = await blank.follows()
    assert (found.settings.silent, found.settings.threads) == (True, True)
    await press(blank, await press(blank, threads, "No threads"), "Notify again")
    (found,) = await blank.follows()
    assert (found.settings.silent, found.settings.threads) == (False, False)


async def test_everything_works_after_a_restart(blank: Scene) -> None:
    """Buttons, menus and pages mean the same to a new process."""
    for number in range(10):
        await news(blank, f"deal-{number}", f"News {number}")
        await follow(blank, f"deal-{number}")
    public = await blank.ask("!following", by=blank.editor)
    card = await open_follow_card(blank)
    await blank.restart()
    assert "Paused" in said(await press(blank, card, "Pause"))
    assert OpenForm(await press(blank, card, "Edit")).labels
    second = await press(blank, public, "Next")
    assert "Page 2 of 2" in said(second)
    (label,) = menus(second)
    assert len(menus(second)[label]) == 2
    picked = await blank.editor.select(
        message_of(second), [next(iter(menus(second)[label].values()))], custom_id=PICKER
    )
    assert "Deal 8" in said(picked)
    await blank.restart()
    assert "Unfollow " in said(await press(blank, picked, "Unfollow"))


async def test_many_follows_come_in_pages_each_of_them_manageable(blank: Scene) -> None:
    for number in range(19):
        await news(blank, f"deal-{number:02d}", f"News {number}")
        await follow(blank, f"deal-{number:02d}")
    page = await blank.editor.slash(blank.deals, "following")
    offered: list[str] = []
    for turn in range(3):
        check_limits(page)
        assert f"19 follows · Page {turn + 1} of 3" in said(page)
        offered += next(iter(menus(page).values()))
        page = await press(blank, page, "Next") if turn < 2 else page
    assert offered == [f"Deal {number:02d}" for number in range(19)]


def _editors(scene: Scene) -> Any:
    backend = scene.env.backend
    role = next(role for role in backend.get_guild(scene.guild.id).roles.values() if role.name == "Editors")
    return RoleHandle(scene.env, scene.guild, role)


def _option(components: Any) -> Any:
    """Return the first choice of the first menu, as Discord stores it."""
    for part in components:
        if part.get("options"):
            return part["options"][0]
        if found := _option(part.get("components", ())):
            return found
    return None
