"""Cards about follows, notes, and the card itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import discord
import pytest
import simcord

from bot.cards import custom_ids as ids
from bot.cards.components import Card, text
from bot.cards.follow_list import follow_list_card
from bot.cards.follow_result import FollowChange, follow_result_card, unfollow_result_card
from bot.cards.message_limits import MessageTooLarge, check_size
from bot.cards.post import post_card
from bot.cards.simple_cards import error_card, facts_card, success_card
from bot.model.follow import Destination, DestinationKind, FollowState, Target, TargetKind
from tests.unit.cards.examples import HERE, SIGNED, TALKS, deal, follow, post
from tests.unit.cards.limits import accept, custom_ids, full_text

ALPHA = Target(TargetKind.COMPANY, "Alpha", "Alpha")
DMS = Destination(DestinationKind.DM, 5)


def test_a_new_follow_says_what_comes_and_shows_a_sample() -> None:
    card = follow_result_card(
        FollowChange(follow(target=ALPHA, role=77), True), deal(TALKS, SIGNED), ["Everyone sees this channel."]
    )
    accept(card)
    assert f"<#{HERE.discord_id}> now follows **Alpha**." in full_text(card)
    assert "Posts ping <@&77>. Older developments won't be posted." in full_text(card)
    assert "-# Everyone sees this channel." in full_text(card)
    assert "**Preview** of a post" in full_text(card)
    assert custom_ids(card) == [
        "dw:manage:open:1",
        "dw:manage:remove:1",
        "dw:full:0:a-b-merger",
        "dw:follow:a-b-merger",
    ]


def test_a_follow_that_was_there_says_so() -> None:
    kind = Target(TargetKind.KIND, "merger", "Merger")
    assert full_text(follow_result_card(FollowChange(follow(target=kind, destination=DMS), False), None)) == (
        "Your DMs already follow **Merger** (kind). Each new development is posted once."
    )


def test_an_ended_follow_is_named() -> None:
    assert full_text(unfollow_result_card(follow(target=ALPHA))) == f"<#{HERE.discord_id}> no longer follows **Alpha**."


def test_the_list_is_grouped_by_where_posts_go() -> None:
    stopped = replace(follow(3, ALPHA), state=FollowState.STOPPED, reason="The channel no longer exists.")
    card = follow_list_card([follow(1, ALPHA, role=77), follow(2, destination=DMS), stopped])
    accept(card)
    assert "### What this server follows\n-# 3 follows, 1 stopped" in full_text(card)
    assert (
        f"<#{HERE.discord_id}>\n**Alpha**\n-# company · since <t:1793491200:D> · pings <@&77>\n"
        "**Alpha**\n-# company · since <t:1793491200:D> · ⚠ stopped: The channel no longer exists."
    ) in full_text(card)
    assert "Your DMs\n**everything**\n-# since <t:1793491200:D>" in full_text(card)


def test_a_long_list_has_every_follow_on_some_page() -> None:
    many = [follow(n, Target(TargetKind.COMPANY, f"C{n:02}", f"C{n:02}")) for n in range(30)]
    cards = [follow_list_card(many, page) for page in range(4)]
    assert all(f"**C{n:02}**" in "".join(map(full_text, cards)) for n in range(30))
    assert custom_ids(cards[1]) == [ids.FOLLOW_LIST.build(page=0), ids.FOLLOW_LIST.build(page=2)]
    assert full_text(follow_list_card(many, 99)) == full_text(cards[3])


def test_no_follows_say_what_to_do() -> None:
    assert "Start with `/follow`" in full_text(follow_list_card([]))


def test_notes_are_shown_as_they_are() -> None:
    assert full_text(success_card("<#1> is **done**.")) == "<#1> is **done**."
    assert full_text(error_card("You need Manage Server.")) == "You need Manage Server."
    card = facts_card([("Stories", "16"), ("Feeds", "none")])
    accept(card)
    assert full_text(card) == "### Status\n**Stories** · 16\n**Feeds** · none"


def test_a_card_that_would_be_refused_is_never_made() -> None:
    with pytest.raises(MessageTooLarge):
        Card(text("x" * 4_001))
    with pytest.raises(ValueError, match="40"):
        Card(*(text("x") for _ in range(41)))


class NestedTexts(discord.ui.LayoutView):
    """A view of one container with this many texts, which discord.py does not count."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def to_components(self) -> list[dict[str, Any]]:
        return [{"type": 17, "components": [{"type": 10, "content": "x"}] * self.count}]


def test_nested_components_count() -> None:
    check_size(NestedTexts(39))
    with pytest.raises(MessageTooLarge, match="41 components, 40 fit"):
        check_size(NestedTexts(40))


def test_every_custom_id_is_matched_by_its_pattern() -> None:
    assert re.fullmatch(ids.FOLLOW_LIST.pattern, ids.FOLLOW_LIST.build(page=3))
    assert re.fullmatch(ids.FULL_STORY.pattern, ids.FULL_STORY.build(slug="a-b", page=12))
    assert re.fullmatch(ids.POST.pattern, ids.POST.build(post_key="abc123", slug="a-b"))
    assert not re.fullmatch(ids.FULL_STORY.pattern, ids.PLACEHOLDER.build(index=0))


async def test_a_card_is_sent_and_not_kept() -> None:
    bot = discord.Client(intents=discord.Intents.default())
    async with simcord.run(bot) as env:
        channel = env.create_guild().create_text_channel("news")
        target = bot.get_channel(channel.id)
        assert isinstance(target, discord.TextChannel)
        sent = await target.send(view=post_card(post(deal(TALKS), TALKS)))
        assert bot.persistent_views == []
        assert "dw:post:abc123:a-b-merger" in str([part.to_dict() for part in sent.components])
    assert post_card(post(deal(TALKS), TALKS)).is_finished()
