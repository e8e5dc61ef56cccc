"""Following a publisher's feed: the command, the posts, and what people see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.model.follow import DestinationKind, TargetKind
from tests.discord.follow_cards import open_follow_card, press
from tests.discord.publishing import LEAD, Kiosk, open_kiosk
from tests.discord.seen import OpenForm, buttons, check_limits, erase, message_of, private, prose, said
from tests.discord.stage import Stage
from tests.discord.threads import create_forum

DAILY, GAZETTE = "/daily", "/gazette"
SIGNED = "Nissan and Foxconn sign a contract to build electric vehicles at the Oppama plant"
SIGNED_TOO = "Nissan, Foxconn sign a contract to build electric vehicles at Oppama plant"


@pytest.fixture
async def kiosk(stage: Stage) -> AsyncIterator[Kiosk]:
    """Two publishers, and a page that names the feed of the first."""
    async with open_kiosk(stage) as opened:
        opened.open(DAILY, "The Daily")
        opened.open(GAZETTE, "The Gazette")
        page = f'<html><head><link rel="alternate" type="application/rss+xml" href="{DAILY}"></head></html>'
        opened.publishers.says("/", page, headers={"Content-Type": "text/html"})
        yield opened


def address(kiosk: Kiosk, path: str) -> str:
    return kiosk.publishers.url(path, "127.0.0.1")


async def test_a_feed_is_followed_by_a_page_that_names_it(kiosk: Kiosk) -> None:
    """The answer says how its news comes, and shows a sample; the address itself is shown to nobody."""
    scene = kiosk.scene
    answer = await scene.editor.slash(scene.deals, "follow", target=address(kiosk, "/"))
    assert "now follows **The Daily · 127.0.0.1**" in said(answer)
    assert "Each news item is posted once" in said(answer)
    assert "Old news of The Daily" in said(answer)
    assert str(kiosk.publishers.port) not in said(answer).replace("http://127.0.0.1/", "")
    assert private(answer)
    check_limits(answer)
    await kiosk.pass_time()
    assert kiosk.posts() == []


async def test_a_comma_in_an_address_separates_nothing(kiosk: Kiosk) -> None:
    answer = await kiosk.scene.editor.slash(
        kiosk.scene.deals, "follow", target=f"{address(kiosk, DAILY)}?sections=cars,deals"
    )
    assert "now follows **The Daily · 127.0.0.1**" in said(answer)
    (follow,) = await kiosk.scene.follows()
    assert follow.target.kind is TargetKind.FEED


async def test_an_article_is_posted_with_publisher_title_date_and_link(kiosk: Kiosk) -> None:
    """No lead and no picture; what the publisher writes formats nothing and pings nobody."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    kiosk.bring(DAILY, "The Daily", f"@everyone **free** [x](http://evil.example) <@{scene.reader.id}> chips")
    await kiosk.pass_time()
    (post,) = kiosk.posts()
    assert "**The Daily** · <t:" in said(post)
    assert "](http://127.0.0.1/daily/1)" in said(post)
    assert LEAD not in said(post)
    assert "](http://evil" not in said(post)
    assert scene.pinged(post) == []
    assert list(buttons(post)) == ["Something wrong?"]
    check_limits(post)


async def test_a_re_report_is_added_to_the_post(kiosk: Kiosk) -> None:
    """The second publisher's article is a link in the first one's post."""
    scene = kiosk.scene
    for path in (DAILY, GAZETTE):
        await scene.editor.slash(scene.deals, "follow", target=address(kiosk, path))
    kiosk.bring(DAILY, "The Daily", SIGNED)
    await kiosk.pass_time()
    kiosk.bring(GAZETTE, "The Gazette", SIGNED_TOO)
    await kiosk.pass_time()
    (post,) = kiosk.posts()
    assert SIGNED in said(post)
    assert "also: [The Gazette](http://127.0.0.1/gazette/1)" in said(post)


async def test_an_article_of_a_known_story_leads_to_its_card(kiosk: Kiosk) -> None:
    """By a button; whoever clicks gets the card alone."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    kiosk.bring(DAILY, "The Daily", "Nissan and Foxconn: EV production at Oppama")
    await kiosk.pass_time()
    (post,) = kiosk.posts()
    (label,) = [each for each in buttons(post) if each.startswith("→")]
    assert "Oppama" in said(await scene.reader.click(post, label=label))


async def test_without_manage_server_a_feed_comes_by_dm(kiosk: Kiosk) -> None:
    """With a greeting there, and news that comes later."""
    scene = kiosk.scene
    answer = await scene.reader.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    assert "Your DMs now follow **The Daily · 127.0.0.1**" in said(answer)
    kiosk.bring(DAILY, "The Daily", "Chip maker opens a plant")
    await kiosk.pass_time()
    greeting, post = [m for m in scene.reader.user.dm_channel.history() if m.author.id != scene.reader.id]
    assert "The Daily" in said(greeting)
    assert "Chip maker opens a plant" in said(post)


async def test_typed_it_is_followed_too(kiosk: Kiosk) -> None:
    """With options behind the address, in angle brackets as people keep links from showing a preview."""
    scene = kiosk.scene
    answer = await scene.ask(f"!follow <{address(kiosk, DAILY)}> words: chip", by=scene.editor)
    assert "now follows **The Daily · 127.0.0.1**" in said(answer)
    kiosk.bring(DAILY, "The Daily", "A car plant closes")
    kiosk.bring(DAILY, "The Daily", "A chip plant opens")
    await kiosk.pass_time()
    assert [prose(post)[0].splitlines()[1] for post in kiosk.posts()] == [
        "### [A chip plant opens](http://127.0.0.1/daily/2)"
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"target": "http://127.0.0.1:{port}/nowhere"}, "404"),
        ({"target": "http://user:secret@127.0.0.1:{port}/daily"}, "user name or password"),
        ({"target": "http://10.0.0.1/feed"}, "a private address"),
        ({"target": "http://127.0.0.1:{port}/daily", "only": "deals"}, "use “words” and “without” instead"),
        ({"target": "http://127.0.0.1:{port}/daily", "ping": "stage-changes"}, "don't change a stage"),
    ],
)
async def test_what_cannot_be_followed_is_refused(kiosk: Kiosk, options: dict[str, str], sentence: str) -> None:
    """In one sentence, and nothing is stored."""
    scene = kiosk.scene
    filled = {name: value.format(port=kiosk.publishers.port) for name, value in options.items()}
    answer = await scene.editor.slash(scene.deals, "follow", **filled)
    assert sentence in said(answer)
    assert "Something went wrong" not in said(answer)
    assert "secret" not in said(answer)
    assert await scene.follows() == []


async def test_an_operator_blocks_hosts_and_sets_limits(stage: Stage) -> None:
    """Both are refused in one sentence."""
    async with open_kiosk(stage, FEED_BLOCK="example.com", FEEDS_PER_SERVER="1", FEEDS_PER_USER="0") as kiosk:
        scene = kiosk.scene
        first, second = kiosk.open(DAILY, "The Daily"), kiosk.open(GAZETTE, "The Gazette")
        blocked = await scene.editor.slash(scene.deals, "follow", target="https://news.example.com/feed")
        assert "isn't allowed to fetch anything from news.example.com" in said(blocked)
        await scene.editor.slash(scene.deals, "follow", target=first)
        assert "This server follows 1 feed," in said(await scene.editor.slash(scene.deals, "follow", target=second))
        assert "can't follow feeds of their own" in said(await scene.reader.slash(scene.deals, "follow", target=first))
        assert len(await scene.follows()) == 1


async def test_a_company_can_be_called_like_a_host(kiosk: Kiosk) -> None:
    """It is followed as a company."""
    scene = kiosk.scene
    story = {
        "slug": "booking-deal",
        "headline": "Booking.com buys another",
        "summary": "It does.",
        "kind": "acquisition",
        "party": [{"company": "Booking.com", "role": "buyer"}],
        "development": [
            {"date": "2025-09", "headline": "It buys", "claim": "reported", "source": [{"publisher": "The Tester"}]}
        ],
    }
    await scene.tell(story)
    answer = await scene.editor.slash(scene.deals, "follow", target="booking.com")
    assert "now follows **Booking.com**" in said(answer)


async def test_following_lists_feeds_and_unfollow_ends_them(kiosk: Kiosk) -> None:
    """By the address, or by its host alone if there is no other feed of it."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    listed = said(await scene.editor.slash(scene.deals, "following"))
    assert "**The Daily · 127.0.0.1**\n-# feed" in listed
    assert "no longer follows" in said(await scene.editor.slash(scene.deals, "unfollow", target=address(kiosk, DAILY)))
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, GAZETTE))
    assert "no longer follows" in said(await scene.editor.slash(scene.deals, "unfollow", target="127.0.0.1"))
    assert await scene.follows() == []


async def test_why_tells_what_became_of_articles(kiosk: Kiosk) -> None:
    """Of the feed's newest ones, and which rule decided."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY), without="cars")
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, GAZETTE))
    kiosk.bring(DAILY, "The Daily", "Cars are sold")
    kiosk.bring(DAILY, "The Daily", SIGNED)
    await kiosk.pass_time()
    kiosk.bring(GAZETTE, "The Gazette", SIGNED_TOO)
    await kiosk.pass_time()
    answer = await scene.reader.slash(scene.deals, "why", query="The Daily · 127.0.0.1")
    posted, filtered, old = prose(answer)[1].split("\n### ")[0].split("\n-# ")[1:]
    assert "[**posted**](https://discord.com/channels/" in posted
    assert "the follow's filters exclude it · it has the excluded word cars" in filtered
    assert "it was already known when the follow was created" in old
    gazette = said(await scene.reader.slash(scene.deals, "why", query=address(kiosk, GAZETTE)))
    assert "added to another post as the same news" in gazette
    check_limits(answer)


async def test_a_forum_gets_a_post_for_each_article(kiosk: Kiosk) -> None:
    """Named after it, and edited when another feed reports the same."""
    scene = kiosk.scene
    forum = await create_forum(scene)
    for path in (DAILY, GAZETTE):
        await scene.editor.slash(scene.deals, "follow", target=address(kiosk, path), channel=forum)
    kiosk.bring(DAILY, "The Daily", SIGNED)
    await kiosk.pass_time()
    kiosk.bring(GAZETTE, "The Gazette", SIGNED_TOO)
    await kiosk.pass_time()
    (thread,) = forum.threads
    assert thread.name == SIGNED
    assert "also: [The Gazette]" in said(kiosk.posts(thread)[0])


async def test_threads_open_under_articles(kiosk: Kiosk) -> None:
    """One under each post, if the follow wants threads."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY), threads=True)
    kiosk.bring(DAILY, "The Daily", SIGNED)
    await kiosk.pass_time()
    (post,) = kiosk.posts()
    assert [thread.name for thread in scene.deals.threads] == [SIGNED]
    assert scene.deals.threads[0].id == post.id


async def test_a_digest_gathers_articles(kiosk: Kiosk) -> None:
    """Each with publisher, date and link."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY), mode="daily")
    kiosk.bring(DAILY, "The Daily", "A chip plant opens")
    kiosk.bring(DAILY, "The Daily", "Cars are sold")
    await kiosk.pass_time()
    assert kiosk.posts() == []
    await kiosk.pass_time(days=1)
    (post,) = kiosk.posts()
    assert "The day's digest: 2 news items" in said(post)
    assert "[Cars are sold](http://127.0.0.1/daily/2) · The Daily · " in said(post)
    check_limits(post)


async def test_a_feed_is_managed_as_other_follows(kiosk: Kiosk) -> None:
    """Its form has no kinds of developments; a test post shows its newest article."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    card = await open_follow_card(scene)
    form = OpenForm(await press(scene, card, "Edit"))
    assert form.labels[0:2] == ["How posts arrive", "Ping the role"]
    changed = await scene.editor.submit_modal(form.shown, form.filled(words="chip"))
    assert "chip" in said(changed)
    await press(scene, card, "Test post")
    assert "Old news of The Daily" in said(scene.own()[-1])
    assert "Old news" in said(await press(scene, await open_follow_card(scene), "Recent articles"))
    await press(scene, await open_follow_card(scene), "Pause")
    kiosk.bring(DAILY, "The Daily", "A chip plant opens")
    await kiosk.pass_time()
    await press(scene, await open_follow_card(scene), "Resume")
    kiosk.bring(DAILY, "The Daily", "A chip plant closes")
    await kiosk.pass_time()
    assert ["A chip plant closes" in said(post) for post in kiosk.posts()] == [True]


async def test_a_broken_feed_is_named_where_it_is_followed(kiosk: Kiosk) -> None:
    """In ``following``, without its address; when it is gone, the channel is told once, and what to do."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=f"{address(kiosk, DAILY)}?token=secret")
    kiosk.publishers.says(DAILY, status=500)
    for _ in range(6):
        await kiosk.pass_time(days=2)
    listed = said(await scene.editor.slash(scene.deals, "following"))
    assert "The feed last answered <t:" in listed
    assert "127.0.0.1:" in listed
    assert "secret" not in listed
    kiosk.publishers.says(DAILY, status=410)
    for _ in range(3):
        await kiosk.pass_time(days=7)
    (notice,) = [m for m in scene.own() if "Nothing more is coming from" in said(m)]
    assert "its publisher has taken the feed down" in said(notice)
    refused = await press(scene, await open_follow_card(scene), "Resume")
    assert "Follow its address again" in said(refused)
    assert message_of(refused).flags.ephemeral


async def test_a_dm_follow_is_its_own(kiosk: Kiosk) -> None:
    """A server's follow and a person's share nothing but the fetch."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    await scene.reader.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    kinds = sorted(follow.destination.kind for follow in await scene.follows())
    assert kinds == [DestinationKind.CHANNEL, DestinationKind.DM]
    await scene.reader.slash(scene.deals, "unfollow", target=address(kiosk, DAILY))
    kiosk.bring(DAILY, "The Daily", "A chip plant opens")
    await kiosk.pass_time()
    assert len(kiosk.posts()) == 1


async def test_reports_about_articles_go_to_the_servers_managers(kiosk: Kiosk) -> None:
    """Not to the desk. They are in ``following``, where a manager marks them as done."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    kiosk.bring(DAILY, "The Daily", "A chip plant opens")
    await kiosk.pass_time()
    (post,) = kiosk.posts()
    form = OpenForm(await scene.reader.click(post, label="Something wrong?"))
    thanks = await scene.reader.submit_modal(form.shown, form.filled(what="It opened last year."))
    assert "this server's managers can read it now" in said(thanks)
    assert "articles or reader reports are waiting" in said(await scene.editor.slash(scene.desk, "desk queue"))
    assert "Reader reports" not in said(await scene.reader.slash(scene.deals, "following"))
    listed = await scene.editor.slash(scene.deals, "following")
    report = await scene.editor.click(message_of(listed), label="Reader reports (1)")
    assert "> It opened last year." in said(report)
    assert "A chip plant opens" in said(report)
    assert private(report)
    assert "**Done.**" in said(await scene.editor.click(message_of(report), label="Mark as done"))
    assert "Reader reports" not in said(await scene.editor.slash(scene.deals, "following"))
    again = await scene.reader.click(post, label="Something wrong?")
    assert "one report is enough" in said(again)


async def test_nobody_reads_reports_about_ones_own_feed(kiosk: Kiosk) -> None:
    """Whoever follows it by DM is told so."""
    scene = kiosk.scene
    await scene.reader.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    kiosk.bring(DAILY, "The Daily", "A chip plant opens")
    await kiosk.pass_time()
    post = scene.reader.user.dm_channel.history()[-1]
    assert "nobody else sees" in said(await scene.reader.user.click(post, label="Something wrong?"))


async def test_data_names_followed_feeds_and_erases_them(kiosk: Kiosk) -> None:
    """With all that came of them."""
    scene = kiosk.scene
    await scene.editor.slash(scene.deals, "follow", target=address(kiosk, DAILY))
    card = await scene.editor.slash(scene.deals, "data")
    assert "1 feed that this server follows" in said(card)
    await erase(scene.editor, message_of(card), "Erase this server's data")
    kiosk.bring(DAILY, "The Daily", "A chip plant opens")
    await kiosk.pass_time()
    assert kiosk.posts() == []
    assert "1 feed" not in said(await scene.editor.slash(scene.deals, "data"))
