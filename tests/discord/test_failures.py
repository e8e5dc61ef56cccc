"""What fails in the newsroom costs only itself: it is tried again, set aside with its reason, and shown to the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import discord
import pytest
from simcord.backend.errors import BackendError
from simcord.http import router

from bot.cards import review as review_cards
from bot.model.article import Article
from bot.model.failure import MAX_ATTEMPTS
from bot.model.feed import Trust
from bot.model.review import Review, ReviewState
from bot.newsroom.article_filer import Assessment
from tests.discord.pressroom import PlannedJudge, Press, open_press
from tests.discord.seen import buttons, check_limits, message_of, private, said
from tests.discord.stage import OPPAMA, Scene, Stage
from tests.engines import get_database

BLOCKED = "Message was blocked by AutoMod"
FORBIDDEN_WORD = "Zubrin"
HARMLESS = [f"Harmless news {number}" for number in range(5)]


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    """Yield a scene in which the desk has a channel of its own."""
    async with stage.open() as new_scene:
        await new_scene.restart(desk_channel_id=new_scene.desk.id)
        yield new_scene


@pytest.fixture
async def press(scene: Scene) -> Press:
    return await open_press(scene)


class Filter:
    """Refuses every message with a word, as AutoMod does, or with another answer; it counts them."""

    def __init__(self, check: Callable[..., None]) -> None:
        self._check = check
        self.words: dict[str, tuple[int, int]] = {FORBIDDEN_WORD: (400, 200000)}
        self.paths = "/channels/"
        self.refused = 0

    def __call__(self, backend: object, method: str, path: str) -> None:
        body = str(backend.http_requests[-1].json)  # type: ignore[attr-defined]  # the simulated Discord
        for word, (status, code) in self.words.items():
            if word in body and path.startswith(self.paths) and method in ("POST", "PATCH"):
                self.refused += 1
                raise BackendError(status, code, BLOCKED)
        self._check(backend, method, path)


@pytest.fixture
def auto_mod(monkeypatch: pytest.MonkeyPatch) -> Filter:
    message_filter = Filter(router._check_faults)
    monkeypatch.setattr(router, "_check_faults", message_filter)
    return message_filter


def shown(scene: Scene) -> list[str]:
    return [said(message) for message in scene.own(scene.desk)]


def with_button(scene: Scene, label: str) -> list[discord.Message]:
    return [message for message in scene.own(scene.desk) if label in buttons(message)]


def hurry(scene: Scene) -> None:
    """Let the next attempt of whatever failed be due."""
    database = get_database(scene.container.services.settings.database_url)
    database.execute("UPDATE failure SET retry_at = NULL")
    database.close()


async def let_it_fail(scene: Scene) -> None:
    """As many attempts in the desk's channel as it takes until something is set aside, and shown otherwise."""
    for _ in range(MAX_ATTEMPTS + 1):
        hurry(scene)
        await scene.env.advance_time(3)


async def test_an_article_whose_card_is_refused_stops_no_other(scene: Scene, press: Press, auto_mod: Filter) -> None:
    await press.brings(f"{FORBIDDEN_WORD} sells")
    for title in HARMLESS:
        await press.brings(title)
    await scene.env.advance_time(8)
    assert len(with_button(scene, "Not news")) == len(HARMLESS)
    assert all(any(title in text for text in shown(scene)) for title in HARMLESS)
    await scene.env.advance_time(20)
    assert auto_mod.refused <= 3


@pytest.mark.parametrize("answer", [(400, 50035), (400, 0), (404, 0), (500, 0), (403, 20001)])
async def test_whatever_the_refusal_says(scene: Scene, press: Press, auto_mod: Filter, answer: tuple[int, int]) -> None:
    """Also an answer that says nothing about the message: only that one waits."""
    auto_mod.words[FORBIDDEN_WORD] = answer
    await press.brings(f"{FORBIDDEN_WORD} sells")
    for title in HARMLESS:
        await press.brings(title)
    await scene.env.advance_time(10)
    assert len(with_button(scene, "Not news")) == len(HARMLESS)


async def test_in_the_end_it_is_shown_without_its_words(scene: Scene, press: Press, auto_mod: Filter) -> None:
    """With the reason, and with ways to read it, to try it again and to drop it; the status counts it."""
    await press.brings(f"{FORBIDDEN_WORD} sells")
    await let_it_fail(scene)
    (item,) = with_button(scene, "Try again")
    assert "An article is waiting for a decision" in said(item)
    assert f"It can't be shown here: Discord refused this message: {BLOCKED} \\(200000)" in said(item)
    assert buttons(item) == dict.fromkeys(["Show the article", "Try again", "Not news"], True)
    check_limits(item)
    status = await scene.editor.slash(scene.desk, "status")
    assert "1 article, 0 reader reports, 1 article set aside" in said(status)
    before = auto_mod.refused
    await scene.env.advance_time(60)
    assert auto_mod.refused == before


async def test_it_can_be_decided_all_the_same(scene: Scene, press: Press, auto_mod: Filter) -> None:
    """From the card that only the editor sees; the one in the channel says so, and still repeats nothing."""
    await press.brings(f"{FORBIDDEN_WORD} sells")
    await let_it_fail(scene)
    (item,) = with_button(scene, "Try again")
    full = await scene.editor.click(item, label="Show the article")
    assert private(full)
    assert f"{FORBIDDEN_WORD} sells" in said(full)
    await scene.editor.click(message_of(full), label="Publish")
    await scene.env.advance_time(3)
    (item,) = with_button(scene, "Undo")
    assert "**Published**" in said(item)
    assert FORBIDDEN_WORD not in said(item)
    assert "set aside" not in said(await scene.editor.slash(scene.desk, "status"))
    assert len((await scene.container.services.library.get_story(OPPAMA)).developments) == 3


async def test_it_is_shown_whole_once_discord_takes_it(scene: Scene, press: Press, auto_mod: Filter) -> None:
    await press.brings(f"{FORBIDDEN_WORD} sells")
    await let_it_fail(scene)
    (item,) = with_button(scene, "Try again")
    auto_mod.words.clear()
    assert "Will be retried" in said(await scene.editor.click(item, label="Try again"))
    await scene.env.advance_time(3)
    (item,) = with_button(scene, "Publish")
    assert f"{FORBIDDEN_WORD} sells" in said(item)


async def test_dropped_it_is_no_news(scene: Scene, press: Press, auto_mod: Filter) -> None:
    await press.brings(f"{FORBIDDEN_WORD} sells")
    await let_it_fail(scene)
    (item,) = with_button(scene, "Try again")
    await scene.editor.click(item, label="Not news")
    await scene.env.advance_time(3)
    assert (await scene.container.services.review_queue.get(1)).state is ReviewState.NOT_NEWS
    assert with_button(scene, "Try again") == []


async def test_a_channel_that_takes_nothing_counts_for_no_article(scene: Scene, press: Press) -> None:
    """The articles are not at fault; they are shown when the permission is back."""
    scene.env.inject_error(
        "POST", f"/channels/{scene.desk.id}/messages", status=403, code=50013, message="Missing Permissions", times=None
    )
    for title in HARMLESS:
        await press.brings(title)
    await let_it_fail(scene)
    assert await scene.container.services.failed_work.count() == 0
    scene.env.backend.faults.clear()
    await scene.env.advance_time(8)
    assert len(with_button(scene, "Not news")) == len(HARMLESS)


async def test_an_outage_of_discord_counts_for_no_article(scene: Scene, press: Press) -> None:
    scene.env.inject_error("POST", f"/channels/{scene.desk.id}/messages", status=503, times=None)
    for title in HARMLESS:
        await press.brings(title)
    await let_it_fail(scene)
    assert await scene.container.services.failed_work.count() == 0
    scene.env.backend.faults.clear()
    await scene.env.advance_time(70)
    assert len(with_button(scene, "Not news")) == len(HARMLESS)


async def test_a_card_that_cannot_be_drawn_stops_no_other(
    scene: Scene, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of ours, for one article."""
    whole = review_cards._recommendation_lines

    def broken(review: Review, stories: object) -> list[str]:
        if FORBIDDEN_WORD in review.article.title:
            raise IndexError("list index out of range")
        return whole(review, stories)  # type: ignore[arg-type]

    monkeypatch.setattr(review_cards, "_recommendation_lines", broken)
    await press.brings(f"{FORBIDDEN_WORD} sells")
    await press.brings("Harmless news")
    await let_it_fail(scene)
    assert len(with_button(scene, "Publish")) == 1
    (item,) = with_button(scene, "Try again")
    assert "IndexError: list index out of range" in said(item)
    scene.expected_bug()


class FailingJudge(PlannedJudge):
    """Cannot judge some articles."""

    fails = True

    async def assess(self, article: Article) -> Assessment:
        if self.fails and FORBIDDEN_WORD in article.title:
            raise KeyError("slug")
        return await super().assess(article)


@pytest.fixture
async def broken(scene: Scene) -> AsyncIterator[Press]:
    """Yield a newsroom that cannot judge some articles."""
    press = await open_press(scene, Trust.REVIEW)
    press.intake._filer._judge = press.judge = FailingJudge()
    yield press
    if scene.bugs:
        scene.expected_bug()


async def set_aside(scene: Scene, press: Press, *titles: str) -> None:
    for title in titles:
        await press.brings(title)
    for _ in range(MAX_ATTEMPTS * len(titles)):
        hurry(scene)
        await press.intake.run_once()
    await scene.env.advance_time(3)


async def test_an_article_that_cannot_be_judged_is_shown_to_the_desk(scene: Scene, broken: Press) -> None:
    await set_aside(scene, broken, f"{FORBIDDEN_WORD} sells")
    (item,) = with_button(scene, "Drop")
    assert f"[{FORBIDDEN_WORD} sells](https://press.example/" in said(item)
    assert "It could not be processed after 5 attempts. The last error: KeyError: 'slug'" in said(item)
    assert buttons(item) == dict.fromkeys(["Try again", "Drop"], True)
    check_limits(item)
    assert "0 articles, 0 reader reports, 1 article set aside" in said(await scene.editor.slash(scene.desk, "status"))


async def test_tried_again_it_is_settled(scene: Scene, broken: Press) -> None:
    await set_aside(scene, broken, f"{FORBIDDEN_WORD} sells")
    (item,) = with_button(scene, "Drop")
    broken.intake._filer._judge.fails = False  # type: ignore[attr-defined]  # the test's own judge
    decided = await scene.editor.click(item, label="Try again")
    assert f"**Will be retried** · by <@{scene.editor.id}>" in said(decided)
    await broken.intake.run_once()
    await scene.env.advance_time(3)
    (item,) = with_button(scene, "Publish")
    assert f"{FORBIDDEN_WORD} sells" in said(item)
    assert with_button(scene, "Drop") == []


async def test_dropped_it_is_gone_for_good(scene: Scene, broken: Press) -> None:
    """A second editor, with a card of their own, is told."""
    await set_aside(scene, broken, f"{FORBIDDEN_WORD} sells")
    (item,) = with_button(scene, "Drop")
    other = scene.guild.add_member(scene.env.create_user("colleague"), roles=[scene.guild.roles["Editors"]])
    theirs = await other.slash(scene.desk, "desk queue")
    decided = await scene.editor.click(item, label="Drop")
    assert f"**Dropped** · by <@{scene.editor.id}>" in said(decided)
    refused = await other.click(message_of(theirs), label="Try again")
    assert "Somebody has already made a decision about this article." in said(refused)
    hurry(scene)
    assert await broken.intake.run_once() == 0
    assert "0 articles, 0 reader reports" in said(await scene.editor.slash(scene.desk, "status"))


async def test_an_old_card_decides_about_no_other_article(scene: Scene, broken: Press) -> None:
    """What is set aside after it was decided has another number."""
    await set_aside(scene, broken, f"{FORBIDDEN_WORD} sells")
    (item,) = with_button(scene, "Drop")
    other = scene.guild.add_member(scene.env.create_user("colleague"), roles=[scene.guild.roles["Editors"]])
    theirs = await other.slash(scene.desk, "desk queue")
    await scene.editor.click(item, label="Drop")
    await set_aside(scene, broken, f"{FORBIDDEN_WORD} buys")
    refused = await other.click(message_of(theirs), label="Drop")
    assert "Somebody has already made a decision about this article." in said(refused)
    assert await scene.container.services.failed_work.count() == 1


async def test_only_the_desk_decides(scene: Scene, broken: Press) -> None:
    await set_aside(scene, broken, f"{FORBIDDEN_WORD} sells")
    (item,) = with_button(scene, "Drop")
    refused = await scene.reader.click(item, label="Drop")
    assert "Only the desk can do this" in said(refused)
    assert await scene.container.services.failed_work.count() == 1


async def test_several_are_looked_through_and_tried_again_at_once(scene: Scene, broken: Press) -> None:
    """In the queue, behind the articles that wait; what stands in the channel says so too."""
    await set_aside(scene, broken, *(f"{FORBIDDEN_WORD} sells {number}" for number in range(7)))
    assert len(with_button(scene, "Drop")) == 5
    await broken.brings("Harmless news")
    queue = await scene.editor.slash(scene.desk, "desk queue")
    assert "Harmless news" in said(queue)
    first = await scene.editor.click(message_of(queue), label="Set aside (7)")
    assert "1 of 7 set aside, oldest first" in said(first)
    second = await scene.editor.click(message_of(first), label="Next")
    assert "2 of 7 set aside, oldest first" in said(second)
    one = await scene.editor.click(message_of(second), label="Drop")
    assert "**Dropped**" in said(one)
    rest = await scene.editor.click(message_of(one), label="Next (6 left)")
    everything = await scene.editor.click(message_of(rest), label="Try all 6 again")
    assert "6 articles will be retried." in said(everything)
    assert await scene.container.services.failed_work.count() == 0
    assert with_button(scene, "Drop") == []


async def test_a_refused_failure_card_is_shown_without_words(scene: Scene, broken: Press, auto_mod: Filter) -> None:
    """What Discord refuses of a failure is shown without words."""
    await set_aside(scene, broken, f"{FORBIDDEN_WORD} sells")
    (item,) = with_button(scene, "Drop")
    assert "An article was set aside" in said(item)
    assert auto_mod.refused == 1


async def test_without_a_channel_the_queue_has_what_is_set_aside(stage: Stage) -> None:
    async with stage.open() as scene:
        press = await open_press(scene)
        press.intake._filer._judge = FailingJudge()
        await set_aside(scene, press, f"{FORBIDDEN_WORD} sells", f"{FORBIDDEN_WORD} buys")
        queue = await scene.editor.slash(scene.desk, "desk queue")
        assert "1 of 2 set aside, oldest first" in said(queue)
        scene.expected_bug()


async def test_an_article_that_the_queue_cannot_show_has_a_next(scene: Scene, press: Press, auto_mod: Filter) -> None:
    """Else nobody would ever see those behind it."""
    auto_mod.paths = "/interactions/"
    await press.brings(f"{FORBIDDEN_WORD} sells")
    await press.brings("Harmless news")
    queue = await scene.editor.slash(scene.desk, "desk queue")
    assert "It can't be shown here: Discord refused this message" in said(queue)
    following = await scene.editor.click(message_of(queue), label="Next")
    assert "Harmless news" in said(following)
