"""What a follow takes and how loud it is: narrowing, keywords, pings, silence; several follows of one channel."""

from __future__ import annotations

from typing import Any

from tests.discord.seen import private, said
from tests.discord.stage import Scene
from tests.discord.times import at, follow, news, texts


async def tell_all_sorts(scene: Scene) -> None:
    """Publish a deal that moves and one that does not, confirmed and reported, and what is no deal."""
    await news(scene, "supply", "Reported talks", stage="talks")
    await news(scene, "supply", "Confirmed talks", claim="confirmed", stage="talks")
    await news(scene, "supply", "Confirmed signing", claim="confirmed", stage="signed", date="2025-10")
    await news(scene, "supply", "Reported detail", date="2025-11")
    plant = {"kind": "plant", "slug": "plant", "headline": "A plant", "summary": "A plant.", "party": []}
    opened = {"date": "2025-09", "headline": "Confirmed opening", "claim": "confirmed"}
    await scene.tell({**plant, "development": [opened]}, announce=True)


ALL = {"Reported talks", "Confirmed talks", "Confirmed signing", "Reported detail", "Confirmed opening"}


ONLY = {
    "everything": ALL,
    "deals": ALL - {"Confirmed opening"},
    "stage-changes": {"Reported talks", "Confirmed signing"},
    "confirmed": {"Confirmed talks", "Confirmed signing", "Confirmed opening"},
    "deals, confirmed": {"Confirmed talks", "Confirmed signing"},
    "Confirmed and Stage Changes": {"Confirmed signing"},
}


async def test_only_what_was_asked_for_comes(blank: Scene) -> None:
    channels = {only: blank.guild.create_text_channel(f"only-{place}") for place, only in enumerate(ONLY)}
    await blank.env.settle()
    for only, channel in channels.items():
        await follow(blank, at=channel, only=only)
    await tell_all_sorts(blank)
    await blank.send_posts()
    for only, come in ONLY.items():
        shown = texts(blank.posts(channels[only]))
        assert {headline for headline in ALL if headline in shown} == come, only
        assert len(blank.posts(channels[only])) == len(come), only


async def test_only_what_has_a_wanted_word_comes(blank: Scene) -> None:
    await follow(blank, words="citroen, 電池")
    for headline in ("CITROËN builds", "日産電池工場", "Somebody else"):
        await news(blank, "supply", headline)
    await blank.send_posts()
    assert ["CITROËN" in said(post) or "電池" in said(post) for post in blank.posts()] == [True, True]


async def test_excluded_words_are_named_by_why(blank: Scene) -> None:
    """Unwanted words keep a development out and why says which."""
    await follow(blank, words="battery, cell", without="rumour, lawsuit")
    await news(blank, "supply", "A battery plant")
    await news(blank, "supply", "A battery lawsuit")
    await news(blank, "supply", "Something else")
    await blank.send_posts()
    (post,) = blank.posts()
    assert "A battery plant" in said(post)
    why = said(await blank.reader.slash(blank.deals, "why", query="supply"))
    assert "has the excluded word lawsuit" in why
    assert "has none of the words battery, cell" in why


async def test_words_match_the_text_and_the_parties_too(blank: Scene) -> None:
    """Words are looked for in the text and among the parties too."""
    await follow(blank, words="electrolyte, nobody")
    await news(blank, "supply", "A plant", text="It makes electrolyte.")
    await news(blank, "other-deal", "Says neither")
    await blank.send_posts()
    assert len(blank.posts()) == 1
    await follow(blank, words="bolt")
    await news(blank, "other-deal", "Says neither again")
    await blank.send_posts()
    assert len(blank.posts()) == 2


REFUSED = [
    ("mode", "hourly", "mode: expected one of instant, daily, weekly, not 'hourly'"),
    ("only", "deals, gossip", "only: 'gossip' is not one of: deals, stage changes, confirmed"),
    ("ping", "sometimes", "ping: expected one of always, stage-changes, never, not 'sometimes'"),
    ("words", "w" * 51, f"words: the word '{'w' * 50}'… is longer than 50 characters"),
    ("without", ",".join(f"word{n}" for n in range(21)), "without: 21 words are too many; the limit is 20"),
]


async def test_what_is_not_understood_is_refused_by_name(blank: Scene) -> None:
    for name, typed, expected in REFUSED:
        options: dict[str, Any] = {name: typed}
        by_slash = await follow(blank, **options)
        assert private(by_slash)
        assert expected in said(by_slash)
        assert expected in said(await blank.ask(f"!follow everything {name}: {typed}", by=blank.editor))
    assert await blank.follows() == []


async def test_hostile_words_ping_nobody_and_break_nothing(blank: Scene) -> None:
    hostile = f"@everyone, <@&{blank.role.id}>, **bold** `tick`, https://evil.example/"
    for answer in (await follow(blank, words=hostile), await blank.ask("!following", by=blank.editor)):
        assert blank.pinged(answer) == []
        assert "**bold**" not in said(answer)
    await news(blank, "supply", "Nothing of that")
    why = await blank.ask("!why supply", by=blank.editor)
    assert blank.pinged(why) == []
    assert "**bold**" not in said(why)


async def test_several_follows_of_one_channel_never_give_two_posts(blank: Scene) -> None:
    """Whatever matches makes one post: at once rather than in a digest, with every role that any of them pings."""
    other = blank.guild.create_role("Others", mentionable=True)
    await follow(blank, mode="daily", silent=True, mention=other)
    await news(blank, "supply", "Known", stage="talks")
    await follow(blank, "acme", mention=blank.role)
    await follow(blank, "supply", only="confirmed")
    key = await news(blank, "supply", "At once")
    await blank.send_posts()
    (post,) = blank.posts()
    assert "At once" in said(post)
    assert sorted(blank.pinged(post)) == sorted([str(blank.role.id), str(other.id)])
    assert not post.flags.suppress_notifications
    await at(blank, "2026-01-01T08:00:00")
    assert "At once" not in texts(blank.posts()[1:]), "what came at once is in no digest"
    await blank.container.services.desk.correct("supply", key, {"headline": "Mended"}, actor="x")
    await blank.send_posts()
    assert texts(blank.posts()).count("Mended") == 1


async def test_the_role_is_pinged_as_loud_as_it_was_asked_for(blank: Scene) -> None:
    loud = {"always": [1, 1], "stage changes": [1, 0], "never": [0, 0]}
    channels = {ping: blank.guild.create_text_channel(f"ping-{place}") for place, ping in enumerate(loud)}
    await blank.env.settle()
    for ping, channel in channels.items():
        await follow(blank, at=channel, mention=blank.role, ping=ping)
    await news(blank, "supply", "They have signed", stage="signed")
    await news(blank, "supply", "A detail", date="2025-10")
    await blank.send_posts()
    for ping, pinged in loud.items():
        assert [len(blank.pinged(post)) for post in blank.posts(channels[ping])] == pinged, ping


async def test_silent_posts_notify_nobody(blank: Scene) -> None:
    answer = said(await follow(blank, silent=True))
    assert "Posts are silent" in answer
    await news(blank, "supply", "Quietly")
    await blank.send_posts()
    assert [post.flags.suppress_notifications for post in blank.posts()] == [True]
    await follow(blank, silent=False)
    await news(blank, "supply", "Aloud")
    await blank.send_posts()
    assert [post.flags.suppress_notifications for post in blank.posts()] == [True, False]


async def test_a_follow_is_changed_in_place_and_keeps_what_it_brought(blank: Scene) -> None:
    """Narrowed, widened, made loud: one follow all along, whose posts are still known and corrected."""
    await follow(blank)
    key = await news(blank, "supply", "Before", claim="reported")
    await blank.send_posts()
    (first,) = await blank.follows()
    answer = said(await follow(blank, only="confirmed", mention=blank.role))
    assert "Settings updated" in answer
    assert "Earlier posts" in answer
    (changed,) = await blank.follows()
    assert (changed.id, changed.created_at) == (first.id, first.created_at)
    await news(blank, "supply", "Only reported")
    await blank.container.services.desk.correct("supply", key, {"headline": "Mended"}, actor="x")
    await blank.send_posts()
    (post,) = blank.posts()
    assert "Mended" in said(post)
    why = said(await blank.reader.slash(blank.deals, "why", query="supply"))
    assert f"/{post.id}" in why
    assert "only confirmed developments are wanted" in why


async def test_all_terms_can_be_typed(blank: Scene) -> None:
    await news(blank, "supply", "Acme is known by it")
    terms = "mode: weekly only: deals, confirmed words: cell, pack without: lawsuit ping: never silent: yes"
    answer = said(await blank.ask(f"!follow acme {blank.role.mention} {terms}", by=blank.editor))
    for expected in (
        "weekly digest on Monday at 08:00",
        "only confirmed, deals",
        "with any of cell, pack",
        "without lawsuit",
    ):
        assert expected in answer
    (found,) = await blank.follows()
    assert found.settings.silent
    assert found.settings.role_id == blank.role.id


async def test_the_options_are_offered_as_one_types(blank: Scene) -> None:
    for option, typed, offered in (
        ("mode", "d", ["daily"]),
        ("ping", "", ["always", "stage-changes", "never"]),
        ("only", "stage", ["stage-changes", "deals, stage-changes"]),
    ):
        found = await blank.editor.autocomplete(blank.deals, "follow", option, typed, target="everything")
        assert [choice["value"] for choice in found] == offered


async def test_a_new_digest_shows_what_a_digest_will_look_like(blank: Scene) -> None:
    await news(blank, "supply", "Known before")
    answer = said(await follow(blank, "supply", mode="weekly"))
    assert "**Preview** of a weekly digest" in answer
    assert "The week's digest" in answer
    assert "Known before" in answer


async def test_a_dm_follow_has_settings_of_its_own(blank: Scene) -> None:
    """A member without Manage Server gets terms of their own by DM."""
    answer = said(await blank.reader.slash(blank.deals, "follow", target="everything", mode="daily", words="cell"))
    assert "Your DMs now follow **everything**" in answer
    assert "with cell" in answer
    await news(blank, "supply", "A cell plant")
    await news(blank, "supply", "Something else")
    await at(blank, "2026-01-01T08:00:00")
    (post,) = blank.posts(blank.reader.user.dm_channel)
    assert "The day's digest: 1 development" in said(post)
    assert blank.posts() == []
