"""Texts from outside ping nobody and break nothing, in whatever way they come in; and nothing is too long."""

from __future__ import annotations

import re

import pytest

from tests.discord.seen import buttons, check_limits, prose, said
from tests.discord.stage import Scene
from tests.discord.stories import HOSTILE, a_story, hostile_story, largest_story

#: What Discord would act on: a ping, a command, a channel, an emoji, a time, a masked link to the evil host.
ALIVE = re.compile(r"@everyone|@here|(?<!\\)<[@#:/it]|\]\(https://evil|[\u202a-\u202e\u2066-\u2069]")


def filled(scene: Scene, text: str) -> str:
    """Return the text with ids that are really there."""
    return text.format(role=scene.role.id, user=scene.editor.id, channel=scene.desk.id)


def check_harmless(scene: Scene, since: int = 0) -> None:
    """Nothing that the bot said pings anybody, may ping anybody, or holds anything that Discord would act on."""
    said_by_bot = [m for m in scene.deals.history() if m.author.id == scene.env.backend.bot_user.id][since:]
    assert said_by_bot
    for message in said_by_bot:
        assert scene.pinged(message) == []
        for text in prose(message):
            assert not ALIVE.search(text), text
        check_limits(message)
    for request in scene.env.http_requests:
        body = (request.json or {}) if isinstance(request.json, dict) else {}
        body = body.get("data") or body
        if request.method == "POST" and "components" in body and "title" not in body:
            assert body["allowed_mentions"] == {"parse": [], "replied_user": False} or body["allowed_mentions"] == {
                "parse": []
            }


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_question_pings_nobody(scene: Scene, text: str) -> None:
    """What is not found is repeated, and only as text."""
    for command in ("!deal", "!story", "!company", "!deals", "!latest", "!follow", "!unfollow"):
        await scene.hears(f"{command} {filled(scene, text)}", by=scene.editor)
    check_harmless(scene)


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_mention_or_slash_question_pings_nobody(scene: Scene, text: str) -> None:
    await scene.ask(f"{scene.mention} zz {filled(scene, text)}")
    await scene.reader.slash(scene.deals, "deal", query=filled(scene, text))
    await scene.reader.slash(scene.deals, "deals", stage=filled(scene, text))
    check_harmless(scene)


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_story_pings_nobody_wherever_it_is_shown(scene: Scene, text: str) -> None:
    """In its answer, its full story, in lists, as a follow and its sample, and as a post."""
    story = hostile_story(filled(scene, text))
    await scene.editor.slash(scene.deals, "follow", target="everything")
    await scene.tell(story, announce=True)
    await scene.send_posts()
    answer = await scene.ask("!story hostile")
    shown = [said(answer), said(await scene.reader.click(answer, label="Full story"))]
    assert all("Acme" in text for text in shown)
    for question in ("!deals bolt", "!latest bolt", "!company bolt", "!latest"):
        await scene.ask(question)
    # A channel or role in a typed target says where posts go and whom they ping: no company is found by such a name.
    company = "bolt" if "<#" in text else story["party"][0]["company"]
    await scene.editor.slash(scene.deals, "follow", target="hostile")
    await scene.editor.slash(scene.deals, "follow", target=company)
    await scene.ask("!following", by=scene.editor)
    await scene.editor.slash(scene.deals, "unfollow", target="hostile")
    await scene.editor.slash(scene.deals, "unfollow", target=company)
    assert len(await scene.follows()) == 1
    for message in scene.deals.history():
        if message.author.id == scene.env.backend.bot_user.id:
            assert scene.pinged(message) == []
            texts = [part for part in prose(message) if f"<#{scene.deals.id}>" not in part]
            assert not [part for part in texts if ALIVE.search(re.sub(r"<t:\d+:[DR]>", "", part))]
            check_limits(message)


@pytest.mark.parametrize("mark", ["x", "語", "*", "😀"])
async def test_a_very_long_question_is_answered(scene: Scene, mark: str) -> None:
    """It is cut, not refused, and never passes on as more than a message holds."""
    for command in ("!deal", "!company", "!deals", "!latest", "!follow", "!unfollow"):
        answer = await scene.ask(f"{command} {mark * 1900}", by=scene.editor)
        if command not in ("!deals", "!latest"):
            # Lists show it as a filter, or ignore what has no word.
            assert f"matches “{mark * 40}".replace("*", "\\*") in said(answer)
        check_limits(answer)
    check_limits(await scene.reader.slash(scene.deals, "deal", query=mark * 6000))


async def test_a_known_story_is_found_in_a_very_long_question(scene: Scene) -> None:
    assert "EV production at Oppama" in said(await scene.ask("!deal nissan foxconn " + "please " * 250))


@pytest.mark.parametrize("mark", ["語", "*"])
async def test_a_story_at_every_limit_is_shown_within_discords(blank: Scene, mark: str) -> None:
    """Headline 200, summary 2,000, texts of 4,000, sixty developments: every page holds, and none is left out."""
    await blank.tell(largest_story(mark))
    answer = await blank.ask("!deal number")
    check_limits(answer)
    assert "Largest" in prose(answer)[0]
    page = await blank.reader.click(answer, label="Full story")
    assert page.response is not None
    told = said(page)
    while buttons(page)["Next"]:
        await blank.env.advance_time(1)
        page = await blank.reader.click(page.response, label="Next")
        check_limits(page)
        told += said(page)
    assert all(f"Number {number:02d}" in told for number in range(60))
    for question in ("!deals", "!latest", "!company P1", "!story largest"):
        check_limits(await blank.ask(question))


async def test_a_post_of_a_story_at_every_limit_arrives(blank: Scene) -> None:
    await blank.editor.slash(blank.deals, "follow", target="everything", mention=blank.role)
    story = largest_story("語")
    await blank.tell({**story, "development": story["development"][:3]}, announce=True)
    await blank.send_posts()
    assert len(blank.posts()) == 3
    for post in blank.posts():
        check_limits(post)


async def test_a_story_without_anything_optional_is_shown(blank: Scene) -> None:
    """No parties, no developments, no related stories."""
    await blank.tell(a_story("bare", party=[], development=[]))
    answer = await blank.ask("!story bare")
    assert "Bare" in said(answer)
    assert "Nothing dated yet" in said(answer)
    check_limits(await blank.reader.click(answer, label="Full story"))
