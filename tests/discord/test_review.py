"""The review queue: what the feeds bring stands in the desk's channel, and each decision is made once and can be undone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import discord
import pytest

from bot.cards.review import BY_NAME
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, YearPart
from bot.model.feed import Trust
from bot.model.proposals import ExpectedKind, ExpectedProposal, TermProposal
from bot.model.review import Recommendation
from bot.model.story import Development
from bot.model.terms import TermName
from bot.model.tracking import Decision, TextSpan
from bot.model.vocabulary import Bound
from tests.discord.pressroom import OF_OPPAMA, Press, open_press
from tests.discord.seen import OpenForm, buttons, check_limits, menu_id, menus, message_of, private, said
from tests.discord.stage import OPPAMA, Scene, Stage

SIGNED = "Nissan and Foxconn sign for Oppama"
MERGER = "honda-nissan-merger"
NEW = Recommendation(Decision.NEW_STORY)


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    """Yield a scene in which the desk has a channel of its own, which the bot is told of."""
    async with stage.open() as new_scene:
        await new_scene.restart(desk_channel_id=new_scene.desk.id)
        yield new_scene


@pytest.fixture
async def press(scene: Scene) -> Press:
    return await open_press(scene)


def reviews(scene: Scene) -> list[discord.Message]:
    return [m for m in scene.own(scene.desk) if "Publish" in buttons(m) or "Undo" in buttons(m)]


async def shown(scene: Scene) -> list[discord.Message]:
    await scene.env.advance_time(3)
    return reviews(scene)


async def test_an_article_is_shown_with_all_possible_decisions(scene: Scene, press: Press) -> None:
    """An article stands in the desk's channel with all that can be decided."""
    await press.brings(SIGNED)
    (item,) = await shown(scene)
    text = said(item)
    assert f"[{SIGNED}](https://press.example/" in text
    assert "The Daily Press" in text
    assert "via Press feed" in text
    assert "Nissan **signs** with Foxconn" in text
    assert "**Suggested:** a development of **Nissan and Foxconn: EV production at Oppama**" in text
    assert "Confirmed · stage: Signed" in text
    assert "it says “signs”" in text
    assert buttons(item) == dict.fromkeys(["Publish", "Edit first", "New story", "Re-report", "Not news"], True)
    assert "Another story, by name …" in menus(item)["Publish in another story"]
    assert scene.pinged(item) == []
    check_limits(item)


async def test_publish_posts_to_the_followers_once_and_says_so(scene: Scene, press: Press) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await press.brings(SIGNED)
    (item,) = await shown(scene)
    decided = await scene.editor.click(item, label="Publish")
    assert "**Published** in **Nissan and Foxconn" in said(decided)
    assert f"by <@{scene.editor.id}>" in said(decided)
    await scene.send_posts()
    (post,) = scene.posts()
    assert SIGNED in said(post)
    assert "[The Daily Press](https://press.example/" in said(post)
    story = await scene.container.services.library.get_story(OPPAMA)
    assert story.stage is not None
    assert story.stage.value == "signed"


async def test_two_editors_publish_once(scene: Scene, press: Press) -> None:
    """The second is told; also where each has a card of their own, and where they choose different stories."""
    await scene.editor.slash(scene.deals, "follow", target="everything")
    await press.brings(SIGNED)
    (item,) = await shown(scene)
    other = scene.guild.add_member(scene.env.create_user("colleague"), roles=[scene.guild.roles["Editors"]])
    theirs = await other.slash(scene.desk, "desk queue")
    menu = menu_id(theirs, "Publish in another story")
    await scene.editor.click(item, label="Publish")
    refused = await other.select(message_of(theirs), custom_id=menu, values=[MERGER])
    assert "Somebody has already made a decision about this article." in said(refused)
    await scene.send_posts()
    assert len(scene.posts()) == 1


async def test_the_same_click_of_two_at_once_is_one_development(scene: Scene, press: Press) -> None:
    """Both transactions begin before either is written."""
    await press.brings(SIGNED)
    service = scene.container.services.review_queue
    results = await asyncio.gather(
        *(service.publish(1, OPPAMA, actor=f"discord:{n}") for n in (1, 2)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in results) == ["NotAllowed", "tuple"]
    story = await scene.container.services.library.get_story(OPPAMA)
    assert [d.headline for d in story.developments].count(SIGNED) == 1


async def test_undo_retracts_and_the_article_waits_again(scene: Scene, press: Press) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await press.brings(SIGNED)
    (item,) = await shown(scene)
    await scene.editor.click(item, label="Publish")
    await scene.send_posts()
    (item,) = reviews(scene)
    waits = await scene.editor.click(item, label="Undo")
    assert "**Suggested:**" in said(waits)
    await scene.send_posts()
    (post,) = scene.posts()
    assert "~~" in said(post)
    assert "The desk has taken its publication back." in said(post)
    (item,) = reviews(scene)
    await scene.editor.click(item, label="Publish")
    await scene.send_posts()
    (post,) = scene.posts()
    assert "~~" not in said(post)


async def test_another_story_from_the_menu_or_by_name(scene: Scene, press: Press) -> None:
    await press.brings(SIGNED)
    await press.brings("Nissan and Honda talk once more")
    first, second = await shown(scene)
    await scene.editor.select(first, custom_id=menu_id(first, "Publish in another"), values=[MERGER])
    form = OpenForm(
        await scene.editor.select(second, custom_id=menu_id(second, "Publish in another"), values=[BY_NAME])
    )
    unknown = await scene.submit(form, story="zzzz")
    assert "No story matches" in said(unknown)
    again = OpenForm(await scene.editor.click(message_of(unknown), label="Fix and resubmit"))
    await scene.submit(again, story=MERGER)
    story = await scene.container.services.library.get_story(MERGER)
    assert {SIGNED, "Nissan and Honda talk once more"} <= {d.headline for d in story.developments}
    record = (await scene.container.services.review_queue.get_records([press.feed]))[press.feed]
    assert (record.decided_count, record.accepted_count) == (2, 0)


async def test_edit_first_publishes_what_the_form_says(scene: Scene, press: Press) -> None:
    await press.brings(SIGNED)
    (item,) = await shown(scene)
    form = OpenForm(await scene.editor.click(item, label="Edit first"))
    assert form.text("Headline") == SIGNED
    assert form.chosen("Claim") == ["confirmed"]
    assert form.chosen("Stage") == ["signed"]
    refused = await scene.submit(form, date="yesterday")
    assert "Date: expected a date" in said(refused)
    again = OpenForm(await scene.editor.click(message_of(refused), label="Fix and resubmit"))
    assert again.text("Date") == "yesterday"
    assert "**Published**" in said(
        await scene.submit(again, headline="Oppama is signed", claim="reported", stage="none", date="2026-01")
    )
    story = await scene.container.services.library.get_story(OPPAMA)
    (published,) = [d for d in story.developments if d.headline == "Oppama is signed"]
    assert (str(published.date), published.claim.value, published.stage) == ("2026-01", "reported", None)
    (item,) = await shown(scene)
    assert "**Published**" in said(item)


async def test_a_denial_cannot_change_the_stage(scene: Scene, press: Press) -> None:
    """An article is not published as a denial that changes the stage."""
    await press.brings(SIGNED)
    (item,) = await shown(scene)
    form = OpenForm(await scene.editor.click(item, label="Edit first"))
    refused = await scene.submit(form, claim="denied")
    assert "Stage: not allowed: a denial changes no stage" in said(refused)
    again = OpenForm(await scene.editor.click(message_of(refused), label="Fix and resubmit"))
    assert "**Published**" in said(await scene.submit(again, claim="denied", stage="none"))


async def test_a_new_story_begins_with_the_article(scene: Scene, press: Press) -> None:
    await press.brings("Tesla opens a plant", replace(NEW, companies=("Tesla",)))
    (item,) = await shown(scene)
    assert buttons(item)["Publish"] is False, "there is no story to publish in"
    form = OpenForm(await scene.editor.click(item, label="New story"))
    assert form.text("Headline") == "Tesla opens a plant"
    assert form.text("Parties (one per line)") == "Tesla"
    asked = await scene.submit(form, kind="plant", parties="Tesla\nFordd: rival")
    assert "**Fordd**: did you mean Ford?" in said(asked)
    await scene.editor.click(message_of(asked), label="Use Ford")
    answer = said(await scene.ask("!story tesla opens a plant"))
    assert "**Ford** (rival)" in answer
    assert "Tesla opens a plant" in answer
    assert "The Daily Press" in answer
    record = (await scene.container.services.review_queue.get_records([press.feed]))[press.feed]
    assert (record.decided_count, record.accepted_count) == (1, 1)


async def test_a_re_report_is_a_source_more_and_notifies_nobody(scene: Scene, press: Press) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    key = (await scene.container.services.library.get_story(OPPAMA)).developments[-1].key
    await press.brings("Told again", Recommendation(Decision.RE_REPORT, (OPPAMA,), story=OPPAMA, development_key=key))
    (item,) = await shown(scene)
    assert "” in **Nissan and Foxconn" in said(item)
    decided = await scene.editor.click(item, label="Re-report")
    assert "**Re-report**, added as a source" in said(decided)
    await scene.send_posts()
    assert scene.posts() == []
    assert "The Daily Press" in [s.publisher for s in (await development(scene, key)).sources]
    (item,) = reviews(scene)
    await scene.editor.click(item, label="Undo")
    assert "The Daily Press" not in [s.publisher for s in (await development(scene, key)).sources]


async def development(scene: Scene, key: str) -> Development:
    result = (await scene.container.services.library.get_story(OPPAMA)).find_development(key)
    assert result is not None
    return result


async def test_a_re_report_can_be_of_another_development(scene: Scene, press: Press) -> None:
    """A re-report of something that was not suggested is picked."""
    await press.brings(SIGNED)
    (item,) = await shown(scene)
    question = await scene.editor.click(item, label="Re-report")
    choices = menus(question)["Which development?"]
    headline, value = next(iter(choices.items()))
    await scene.editor.select(message_of(question), custom_id=menu_id(question, "Which"), values=[value])
    story = await scene.container.services.library.get_story(OPPAMA)
    published = next(d for d in story.developments if d.headline.startswith(headline[:60]))
    assert "The Daily Press" in [source.publisher for source in published.sources]
    (item,) = await shown(scene)
    assert "**Re-report**" in said(item)


async def test_not_news_is_dismissed_and_can_be_undone(scene: Scene, press: Press) -> None:
    await press.brings("Five cars for the summer", NEW)
    (item,) = await shown(scene)
    assert "**Not news**" in said(await scene.editor.click(item, label="Not news"))
    assert "empty" in said(await scene.editor.slash(scene.desk, "desk queue"))
    (item,) = reviews(scene)
    await scene.editor.click(item, label="Undo")
    assert "Five cars" in said(await scene.editor.slash(scene.desk, "desk queue"))


async def test_a_re_report_joins_the_waiting_article(scene: Scene, press: Press) -> None:
    """What tells the same is folded into what waits and published with it."""
    await press.brings(SIGNED, event="signing")
    for name in ("Wire", "Courier", "Herald", "Post"):
        await press.brings(f"{SIGNED}, says the {name}", event="signing", publisher=name)
    (item,) = await shown(scene)
    assert "also reported in 4 articles: Wire, Courier, Herald +1" in said(item)
    await scene.editor.click(item, label="Publish")
    story = await scene.container.services.library.get_story(OPPAMA)
    (published,) = [d for d in story.developments if d.headline == SIGNED]
    assert [s.publisher for s in published.sources] == ["The Daily Press", "Wire", "Courier", "Herald", "Post"]


async def test_a_trusted_feed_is_published_and_shown_to_the_desk(scene: Scene) -> None:
    """A trusted feeds sure development is published by itself and told to the desk."""
    press = await open_press(scene, Trust.AUTO)
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await press.brings(SIGNED, sure=True, event="signing")
    again = replace(OF_OPPAMA, decision=Decision.RE_REPORT)
    await press.brings("Nissan signs, too", again, sure=True, event="signing", publisher="Wire")
    await scene.send_posts()
    (post,) = scene.posts()
    assert SIGNED in said(post)
    assert "Wire" in said(post), "it gained a source"
    (item,) = await shown(scene)
    assert "automatically, because the feed is trusted" in said(item)
    await scene.editor.click(item, label="Undo")
    await scene.send_posts()
    assert "~~" in said(scene.posts()[0])


@pytest.mark.parametrize(
    ("trust", "sure", "suggestion"),
    [(Trust.REVIEW, True, OF_OPPAMA), (Trust.AUTO, False, OF_OPPAMA), (Trust.AUTO, True, NEW)],
    ids=["a feed that is not trusted", "not sure", "a new story"],
)
async def test_everything_else_waits_for_an_editor(
    scene: Scene, trust: Trust, sure: bool, suggestion: Recommendation
) -> None:
    press = await open_press(scene, trust)
    await press.brings(SIGNED, suggestion, sure=sure)
    assert "**Suggested:**" in said(await scene.editor.slash(scene.desk, "desk queue"))


@pytest.mark.parametrize("verdict", [Decision.DEVELOPMENT, Decision.RE_REPORT])
async def test_what_may_be_new_to_published_news_waits_for_an_editor(scene: Scene, verdict: Decision) -> None:
    """However far its feed is trusted: a development of the same event, and a re-report that is not sure."""
    press = await open_press(scene, Trust.AUTO)
    await press.brings(SIGNED, sure=True, event="signing")
    further = replace(OF_OPPAMA, decision=verdict)
    await press.brings(
        "Nissan signs for 5,000 cars", further, sure=verdict is Decision.DEVELOPMENT, event="signing", publisher="Wire"
    )
    waiting = await scene.container.services.review_queue.get_at()
    assert waiting is not None
    assert waiting.item.article.title == "Nissan signs for 5,000 cars"
    is_offered = waiting.item.recommendation.development_key == (await development_of(scene, SIGNED)).key
    assert is_offered is (verdict is Decision.RE_REPORT), "what it may tell again is what was published"


async def development_of(scene: Scene, headline: str) -> Development:
    story = await scene.container.services.library.get_story(OPPAMA)
    return next(d for d in story.developments if d.headline == headline)


async def test_the_channel_is_no_flood_and_the_queue_has_all(scene: Scene, press: Press) -> None:
    """Ten that are about no story stand at once; one that is decided makes room for the next."""
    for number in range(23):
        await press.brings(f"Article {number:02}", NEW)
    assert len(await shown(scene)) == 10
    queue = await scene.editor.slash(scene.desk, "desk queue")
    assert "1 of 23 waiting" in said(queue)
    assert private(queue)
    following = await scene.editor.click(message_of(queue), label="Next")
    assert "Article 01" in said(following)
    decided = await scene.editor.click(message_of(following), label="Not news")
    assert "Next (22 left)" in buttons(decided)
    items = await shown(scene)
    assert len(items) == 11
    assert "**Not news**" in said(items[1]), "what was decided in the queue is shown in the channel"


@pytest.mark.parametrize("talk", [0, 250])
async def test_a_restart_keeps_the_desk_channel_as_it_is(talk: int, scene: Scene, press: Press) -> None:
    """Also when the process died between the message and its record, and people wrote in the channel since."""
    newest = (await scene.editor.send(scene.desk, "The desk is open")).id
    await press.brings(SIGNED)
    await shown(scene)
    async with scene.container.services.store.write() as tx:
        review = await tx.reviews.find(1)
        assert review is not None
        await tx.reviews.mark_shown(review, 0, 0)
        await tx.reviews.begin_showing(1, newest)
    for number in range(talk):
        scene.env.backend.create_message(scene.desk.id, scene.reader.id, content=f"message {number}")
    await scene.restart()
    (item,) = await shown(scene)
    assert "**Published**" in said(await scene.editor.click(item, label="Publish"))


async def test_a_deleted_message_of_a_waiting_article_returns(scene: Scene, press: Press) -> None:
    """A message that was deleted comes again while its article waits."""
    await press.brings(SIGNED, event="signing")
    (item,) = await shown(scene)
    scene.env.backend.delete_message(scene.desk.id, item.id)
    await press.brings("Told again", event="signing", publisher="Wire")
    assert len(await shown(scene)) == 1


async def test_a_name_that_is_not_known_becomes_a_company(scene: Scene, press: Press) -> None:
    await press.brings("Zonda opens a plant", replace(NEW, unknown_names=("Zonda", "Zonda Motors")))
    (item,) = await shown(scene)
    menu = menu_id(item, "Add a name as a company")
    answer = await scene.editor.select(item, custom_id=menu, values=["Zonda"])
    assert "**Zonda** was added as a company" in said(answer)
    assert "Zonda" in said(await scene.ask("!company zonda"))
    assert "already" in said(await scene.editor.select(item, custom_id=menu, values=["Zonda"]))


async def test_an_article_proposes_figures_and_dates_that_an_editor_adds(scene: Scene, press: Press) -> None:
    """They are shown with their words; readers see none of them before an editor has sent the form."""
    text = "Foxconn will pay about $2bn. The deal is expected to close in the second half of 2027."
    value = TermProposal(
        TermName.VALUE, Decimal(2_000_000_000), "USD", Bound.ABOUT, TextSpan("text", 17, 27, "about $2bn")
    )
    words = "expected to close in the second half of 2027"
    closing = ExpectedProposal(
        ExpectedKind.CLOSING, ExpectedDate(PartialDate(2027), YearPart.H2), TextSpan("text", 41, 85, words)
    )
    await press.brings(SIGNED, replace(OF_OPPAMA, terms=(value,), expected_events=(closing,)), text=text)
    (item,) = await shown(scene)
    assert "figures: Value: about $2 billion (“about $2bn”)" in said(item)
    assert f"expects: Closing: H2 2027 (“{words}”)" in said(item)
    assert "pay **about $2bn**" in said(item)
    await scene.editor.click(item, label="Publish")
    (item,) = await shown(scene)
    assert "$2 billion" not in said(await scene.ask("!deal oppama"))
    menu = menu_id(item, "Add a figure or a date of the article")
    assert "Only the desk" in said(await scene.reader.select(item, custom_id=menu, values=["term-0"]))
    form = OpenForm(await scene.editor.select(item, custom_id=menu, values=["term-0"]))
    assert form.text("Figure") == "about $2 billion"
    assert "The Daily Press" in form.text("Sources (one per line)")
    await scene.submit(form)
    form = OpenForm(await scene.editor.select(item, custom_id=menu, values=["event-0"]))
    assert form.text("Expected date") == "2027-H2"
    await scene.submit(form)
    story = await scene.container.services.library.get_story(OPPAMA)
    assert [(term.figure, term.claim) for term in story.terms] == [(value.figure, OF_OPPAMA.claim)]
    assert [(event.headline, str(event.date)) for event in story.expected_events] == [("Closing", "2027-H2")]
    await scene.editor.click(item, label="Undo")
    (undone,) = await shown(scene)
    assert "Add a figure or a date of the article" not in menus(undone)


async def test_readers_cannot_decide(scene: Scene, press: Press) -> None:
    await press.brings(SIGNED)
    (item,) = await shown(scene)
    assert "Only the desk" in said(await scene.reader.click(item, label="Publish"))
    assert await scene.container.services.review_queue.count_waiting() == 1


async def test_hostile_articles_ping_nobody_and_hide_no_link(scene: Scene, press: Press) -> None:
    await press.brings(
        "@everyone [free](https://evil.example) <@&1> \u202eolleh",
        NEW,
        text="@here **signs** </x:1> [a](https://evil.example) " * 40,
    )
    (item,) = await shown(scene)
    assert scene.pinged(item) == []
    assert not re.search(r"(?<!\\)\]\(https://evil", said(item))
    check_limits(item)
