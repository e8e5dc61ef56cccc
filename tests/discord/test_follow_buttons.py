"""Following and unfollowing by the buttons of posts and companies, several companies at once, and the list of all follows."""

from __future__ import annotations

from bot.model.follow import DestinationKind
from tests.discord.follow_cards import press
from tests.discord.seen import buttons, check_limits, menus, message_of, private, said
from tests.discord.stage import Scene
from tests.discord.stories import a_story
from tests.discord.times import follow, news


async def test_a_post_is_followed_and_unfollowed_by_its_button(blank: Scene) -> None:
    """For the channel with Manage Server, by DM without; the answer ends it again, after a question."""
    await follow(blank)
    await news(blank, "supply", "Talks begin")
    await blank.send_posts()
    (post,) = blank.posts()
    assert list(buttons(post)) == ["Full story", "Follow", "Something wrong?"]
    for who, place in ((blank.editor, f"<#{blank.deals.id}>"), (blank.reader, "Your DMs")):
        answer = await who.click(post, label="Follow")
        assert private(answer)
        assert f"{place} now follow" in said(answer)
        assert f"{place} already follow" in said(await who.click(post, label="Follow"))
        check_limits(answer)
        question = await press(blank, answer, "Unfollow", by=who)
        ended = await press(blank, question, "Unfollow", by=who)
        assert f"{place} no longer follow" in said(ended)
    assert [found.target.display for found in await blank.follows()] == ["everything"]


async def test_a_company_is_followed_by_its_cards_button(blank: Scene) -> None:
    """Also one that no story is about yet, and one whose name is too long for a button."""
    long_name = "The Very Long Name of a Manufacturer of Batteries, Cells, Packs and Everything Else of the Kind"
    party = [{"company": long_name, "role": "supplier"}, {"company": "Bolt", "role": "buyer"}]
    await blank.tell(a_story("acme-deal"))
    await blank.tell(a_story("long-deal", party=party))
    for name in ("acme", long_name):
        card = await blank.reader.slash(blank.deals, "company", name=name)
        answer = await blank.reader.click(message_of(card), label="Follow")
        assert "Your DMs now follow" in said(answer)
        check_limits(answer)
    follows = await blank.container.services.subscriptions.list_in_destination(blank.reader.id)
    assert [found.target.value for found in follows] == ["Acme", long_name]


async def test_several_companies_are_followed_at_once(blank: Scene) -> None:
    await blank.tell(a_story("acme-deal"))
    answer = await blank.editor.slash(blank.deals, "follow", target="acme, Bolt; acme", only="deals")
    assert f"<#{blank.deals.id}> now follows **Acme**." in said(answer)
    assert f"<#{blank.deals.id}> now follows **Bolt**." in said(answer)
    assert said(answer).count("Older developments won't be posted.") == 1
    follows = await blank.follows()
    assert [(found.target.value, len(found.settings.filters)) for found in follows] == [("Acme", 1), ("Bolt", 1)]
    again = await blank.editor.slash(blank.deals, "follow", target="Bolt、Acme", mode="daily")
    assert "already follows **Bolt**" in said(again)
    check_limits(again)


async def test_one_name_that_means_nothing_follows_none(blank: Scene) -> None:
    """The refusal names it."""
    await blank.tell(a_story("acme-deal"))
    refused = await blank.editor.slash(blank.deals, "follow", target="acme, zzgrbl")
    assert "zzgrbl" in said(refused)
    many = await blank.editor.slash(blank.deals, "follow", target=", ".join(f"acme {n}" for n in range(11)))
    assert "that is 11 at once; the limit is 10" in said(many)
    assert await blank.follows() == []


async def test_a_follow_within_everything_says_so(blank: Scene) -> None:
    """Once: neither the follow of everything nor a repeated one says it."""
    await blank.tell(a_story("acme-deal"))
    remark = "Everything is already followed there."
    assert remark not in said(await blank.editor.slash(blank.deals, "follow", target="everything"))
    assert remark in said(await blank.editor.slash(blank.deals, "follow", target="acme"))
    assert remark not in said(await blank.editor.slash(blank.deals, "follow", target="acme"))
    assert remark not in said(await blank.reader.slash(blank.deals, "follow", target="acme"))


async def test_a_dm_greets_once_for_several_companies(blank: Scene) -> None:
    await blank.tell(a_story("acme-deal"))
    answer = await blank.reader.slash(blank.deals, "follow", target="acme, bolt")
    assert "Your DMs now follow **Acme**." in said(answer)
    (greeting,) = blank.own(blank.reader.user.dm_channel)
    assert "From now on, new developments arrive here: **Acme**, **Bolt**." in said(greeting)
    follows = await blank.container.services.subscriptions.list_in_destination(blank.reader.id)
    assert {found.destination.kind for found in follows} == {DestinationKind.DM}
    assert len(follows) == 2


async def test_the_list_of_a_server_shows_the_readers_own_follows(blank: Scene) -> None:
    """To nobody else; and the reader can manage them there."""
    await blank.tell(a_story("acme-deal"))
    await follow(blank, target="acme")
    await blank.reader.slash(blank.deals, "follow", target="bolt")
    mine = await blank.reader.slash(blank.deals, "following")
    assert private(mine)
    assert f"<#{blank.deals.id}>" in said(mine)
    assert "Your DMs\n**Bolt**" in said(mine)
    assert list(menus(mine)["Manage a follow"]) == ["Bolt"]
    assert "Bolt" not in said(await blank.editor.slash(blank.deals, "following"))
    typed = await blank.ask("!following")
    assert "Bolt" not in said(typed)
    assert "Bolt" in said(await blank.reader.click(message_of(typed), label="Show me"))


async def test_related_stories_have_a_title(blank: Scene) -> None:
    await blank.tell(a_story("acme-deal", related=[]))
    await blank.tell(a_story("acme-other", related=["acme-deal"]))
    card = await blank.ask("!deal acme-other")
    assert "-# Related stories\n→ Acme deal" in said(card)
