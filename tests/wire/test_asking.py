"""Asking the running bot: typed, by slash command, by mention, by autocomplete, by button."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.local_discord import Message
from tests.wire.newsroom import OPPAMA, SOON, Newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def nobody_is_pinged(room: Newsroom) -> AsyncIterator[None]:
    """No answer notifies anybody."""
    yield
    assert [message for message in room.here.messages(room.news) if pinged(message)] == []


def pinged(message: Message) -> bool:
    """Return whether the bot notified anybody."""
    loud = message.mentions or message.mention_roles or message.mention_everyone
    return bool(loud) and message.author.bot


@pytest.mark.parametrize("typed", ["!deal nissan", "!DEAL Nissan", "! deal 日産"])
async def test_a_typed_question_is_answered_with_the_deals_card(room: Newsroom, typed: str) -> None:
    answer = await room.ask(room.news, typed)
    assert OPPAMA in answer.text
    assert "Autovista24" in answer.text
    assert "As of August 2025" in answer.text


async def test_both_sides_of_a_dispute_are_shown(room: Newsroom) -> None:
    answer = await room.ask(room.news, "!deal nissan foxconn")
    for side in ("Disputed", "Foxconn reported not to be in concrete negotiations", "reported to be negotiating"):
        assert side in answer.text


async def test_a_slash_command_answers_like_the_typed_one(room: Newsroom) -> None:
    typed = await room.ask(room.news, "!deal nissan")
    answer = await room.slash("deal", query="nissan")
    assert answer.text == typed.text
    assert not answer.ephemeral


@pytest.mark.parametrize("words", ["nissan foxconn", "deal nissan foxconn"])
async def test_a_mention_is_a_question_or_a_command(room: Newsroom, words: str) -> None:
    answer = await room.ask(room.news, f"{room.here.bot.mention} {words}")
    assert OPPAMA in answer.text


async def test_a_direct_message_is_a_question(room: Newsroom) -> None:
    answer = await room.ask(room.here.dm(room.reader), "nissan foxconn")
    assert OPPAMA in answer.text


async def test_autocomplete_offers_the_stories_of_a_name_that_is_begun(room: Newsroom) -> None:
    offered = await room.here.autocomplete(room.news, room.reader, "deal", "query", "nis")
    slugs = [str(choice.value) for choice in offered]
    assert sorted(slugs) == [
        "foxconn-mitsubishi-ev-supply",
        "foxconn-nissan-stake",
        "honda-nissan-merger",
        "nissan-foxconn-oppama",
    ]
    picked = await room.slash("deal", query=slugs[0])
    assert offered[0].name.rstrip("…") in picked.text


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("nxsn", "Nissan", "Nissan Motor Corporation"),
        ("hydrgen", "KGM and Phinia to develop hydrogen engines", "As of"),
    ],
)
async def test_what_is_not_known_is_asked_back_and_a_click_answers_it(
    room: Newsroom, typed: str, meant: str, expected: str
) -> None:
    answer = await room.ask(room.news, f"!deal {typed}")
    assert f"No story matches “{typed}”" in answer.text
    assert "Did you mean" in answer.text
    pressed = await room.here.click(answer, room.reader, label=meant)
    full = await pressed.final()
    assert meant in full.text
    assert expected in full.text


async def test_a_click_on_full_story_shows_it_to_the_clicker_alone(room: Newsroom) -> None:
    answer = await room.ask(room.news, "!deal nissan")
    pressed = await room.here.click(answer, room.reader, label="Full story")
    full = await pressed.final()
    assert full.ephemeral
    assert "The aim is to raise Nissan's EV output" in full.text


async def test_a_members_click_on_follow_brings_posts_by_dm(room: Newsroom) -> None:
    answer = await room.ask(room.news, "!deal tesla semi")
    pressed = await room.here.click(answer, room.reader, label="Follow")
    assert "Your DMs now follow" in (await pressed.final(timeout=SOON)).text
    assert pressed.ephemeral
    dm = room.here.dm(room.reader)
    await room.here.message_in(dm, where=lambda message: "new developments arrive here" in message.text)


async def test_an_editors_click_on_follow_lets_the_channel_follow(room: Newsroom) -> None:
    answer = await room.ask(room.deals, "!deal honda nissan merger", room.editor)
    pressed = await room.here.click(answer, room.editor, label="Follow")
    assert f"{room.deals.mention} now follows" in (await pressed.final(timeout=SOON)).text
    assert room.deals.mention in (await room.slash("following", user=room.editor)).text


async def test_text_from_outside_pings_nobody(room: Newsroom) -> None:
    words = f"@everyone {room.role.mention} {room.editor.mention}"
    for answer in (await room.ask(room.news, f"!deal {words}"), await room.slash("deal", query=words)):
        assert "No story matches" in answer.text
        assert not pinged(answer)


async def test_questions_at_once_are_all_answered(room: Newsroom) -> None:
    """Thirty people ask within a moment; each gets one answer, in a message of its own."""
    before = len(room.here.messages(room.deals))
    for _ in range(30):
        await room.here.say(room.deals, room.reader, "!deal nissan")
    await room.here.until(lambda: len(room.here.messages(room.deals)) == before + 60, SOON, "thirty answers")
    answers = [message for message in room.here.messages(room.deals)[before:] if message.author.bot]
    assert {OPPAMA in answer.text for answer in answers} == {True}


async def test_a_timeline_is_uploaded_with_its_words(room: Newsroom) -> None:
    """Typed, by slash command and by button; the card shows the file that came with it."""
    typed = await room.ask(room.news, "!timeline nissan foxconn")
    slash = await room.slash("timeline", query="nissan foxconn")
    card = await room.ask(room.news, "!deal nissan foxconn")
    pressed = await (await room.here.click(card, room.reader, label="Timeline")).final(timeout=SOON)
    assert pressed.ephemeral
    for answer in (typed, slash, pressed):
        (picture,) = answer.attachments
        assert picture.data.startswith(b"\x89PNG")
        assert picture.filename == "timeline.png"
        assert picture.description is not None
        assert picture.description.startswith(f"Timeline of “{OPPAMA}")
    assert typed.attachments[0].data == slash.attachments[0].data


async def test_a_companys_answer_carries_who_it_deals_with(room: Newsroom) -> None:
    (picture,) = (await room.ask(room.news, "!company foxconn")).attachments
    assert picture.filename == "partners.png"
    assert picture.data.startswith(b"\x89PNG")


async def test_the_menu_of_a_message_finds_its_story(room: Newsroom) -> None:
    message = await room.here.say(room.news, room.editor, "Did you read of Nissan and Foxconn at Oppama?")
    answer = await (await room.here.menu(room.news, room.reader, "Find the story", message)).final(timeout=SOON)
    assert answer.ephemeral
    assert OPPAMA in answer.text


async def test_commands_are_registered_for_people_who_install_the_bot(room: Newsroom) -> None:
    registered = room.here.world.commands.listing(None)
    assert {command["name"] for command in registered} >= {"deal", "timeline", "catchup", "Find the story"}
    assert all(command["integration_types"] == [0, 1] for command in registered)
    assert all(command["contexts"] == [0, 1, 2] for command in registered)


async def test_why_on_a_private_thread_takes_access_to_it(room: Newsroom) -> None:
    """Discord sends whatever channel a client names; a private thread is its members' alone."""
    here = room.here
    thread = here.add_thread(room.news, "whispers", owner=here.bot, private=True)

    async def why() -> Message:
        return await (await here.slash(room.news, room.reader, "why", query=OPPAMA, channel=thread)).final()

    refused = await why()
    assert "You need View Channel" in refused.text
    assert refused.ephemeral
    here.world.join(thread, room.reader)
    assert thread.mention in (await why()).text
