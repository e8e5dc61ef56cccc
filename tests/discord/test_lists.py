"""Lists: deals and latest, what they are narrowed to, how their pages turn; and an empty store."""

from __future__ import annotations

from datetime import UTC, datetime

import discord
import pytest

from bot.cards.components import Card, button
from tests.discord.seen import buttons, check_limits, menu_id, message_of, private, prose, said
from tests.discord.stage import Scene
from tests.discord.stories import a_story, tell_many


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("nissan stage: talks", {"company": "nissan", "stage": "talks"}),
        ("stage: TALKS company: Nissan", {"company": "Nissan", "stage": "TALKS"}),
        ("nissan kind: contract-manufacturing", {"company": "日産", "kind": "contract-manufacturing"}),
    ],
)
async def test_deals_are_narrowed_by_company_stage_and_kind(scene: Scene, typed: str, options: dict[str, str]) -> None:
    by_prefix, by_slash = await scene.ask(f"!deals {typed}"), await scene.reader.slash(scene.deals, "deals", **options)
    assert said(by_prefix) == said(by_slash)
    assert "EV production at Oppama" in said(by_prefix)
    assert "Parkopedia" not in said(by_prefix)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("stage: nowhere", "expected one of rumoured, talks, agreed"),
        ("kind: plant", "expected one of merger, acquisition"),
        ("zzgrbl", "No deal matches. Remove the filter"),
        ("company: zzgrbl", "No company matches “zzgrbl”"),
        ("nissan stage: completed", "No deal matches all of these. Remove a filter"),
    ],
)
async def test_an_impossible_filter_is_refused_with_alternatives(scene: Scene, typed: str, sentence: str) -> None:
    """A condition that nothing meets is told with what would do."""
    assert sentence in said(await scene.ask(f"!deals {typed}"))


async def test_a_deal_is_opened_from_the_list(scene: Scene) -> None:
    answer = await scene.ask("!deals")
    picked = await scene.reader.select(answer, ["easypark-parkopedia"], custom_id=menu_id(answer, "Open a story"))
    assert "EasyPark Group buys Parkopedia" in prose(picked)[0]
    assert private(picked)


async def test_pages_of_deals_turn_in_ones_own_answer(blank: Scene) -> None:
    """The newest come first; Previous and Next are greyed out where they lead nowhere."""
    await tell_many(blank, 23)
    result = await blank.reader.slash(blank.deals, "deals", company="acme")
    assert "23 deals" in said(result)
    assert "Deal number 022" in said(result)
    assert (buttons(result)["Previous"], buttons(result)["Next"]) == (False, True)
    assert result.response is not None
    second = await blank.reader.click(result.response, label="Next")
    third = await blank.reader.click(result.response, label="Next")
    assert second.response is not None
    assert third.response is not None
    assert result.response.id == second.response.id == third.response.id
    assert "Page 3 of 3" in said(third)
    assert "Deal number 000" in said(third)
    assert (buttons(third)["Previous"], buttons(third)["Next"]) == (True, False)
    check_limits(third)
    back = await blank.reader.click(result.response, label="Previous")
    assert "Deal number 012" in said(back)
    assert "Acme" in prose(back)[0], "the condition is kept from page to page"


async def test_pages_of_latest_turn_in_ones_own_answer(blank: Scene) -> None:
    await tell_many(blank, 12)
    result = await blank.reader.slash(blank.deals, "latest")
    assert result.response is not None
    second = await blank.reader.click(result.response, label="Next")
    assert second.response is not None
    assert second.response.id == result.response.id
    assert "News number 000" in said(second)
    assert "Page 2 of 2" in said(second)


@pytest.mark.parametrize(
    ("options", "shown", "hidden"),
    [
        ({"claim": "denied"}, "Not so", "Talks begin"),
        ({"stage": "signed"}, "All sign", "Talks begin"),
        ({"kind": "plant"}, "A plant opens", "All sign"),
        ({"company": "Cork", "claim": "confirmed"}, "A plant opens", "All sign"),
    ],
)
async def test_latest_is_narrowed_by_kind_stage_claim_and_company(
    blank: Scene, options: dict[str, str], shown: str, hidden: str
) -> None:
    told = [("Talks begin", "reported", "talks"), ("Not so", "denied", None), ("All sign", "confirmed", "signed")]
    news = [{"date": f"2025-0{n + 1}", "headline": h, "claim": c, "stage": s} for n, (h, c, s) in enumerate(told)]
    await blank.tell(a_story("a-deal", development=[{k: v for k, v in one.items() if v} for one in news]))
    opened = [{"date": "2025", "headline": "A plant opens", "claim": "confirmed"}]
    await blank.tell(a_story("a-plant", kind="plant", party=[{"company": "Cork"}], development=opened))
    typed = " ".join(f"{name}: {value}" for name, value in options.items())
    by_slash, by_prefix = (
        await blank.reader.slash(blank.deals, "latest", **options),
        await blank.ask(f"!latest {typed}"),
    )
    assert said(by_slash) == said(by_prefix)
    assert shown in said(by_slash)
    assert hidden not in said(by_slash)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("claim: maybe", "expected one of confirmed, reported, denied"),
        ("stage: review", "No development matches. Remove the filter"),
        ("zzgrbl claim: denied", "No development matches all of these"),
        ("company: zzgrbl", "No company matches “zzgrbl”"),
    ],
)
async def test_what_latest_cannot_be_narrowed_to_is_told(scene: Scene, typed: str, sentence: str) -> None:
    assert sentence in said(await scene.ask(f"!latest {typed}"))


@pytest.mark.parametrize("command", ["deals", "latest"])
async def test_turning_a_page_of_another_user_is_private(blank: Scene, command: str) -> None:
    """Two readers of one list do not turn it under each other's eyes."""
    await tell_many(blank, 12)
    result = await blank.reader.slash(blank.deals, command)
    assert result.response is not None
    before = said(result)
    turned = await blank.editor.click(result.response, label="Next")
    assert private(turned)
    assert "Page 2 of 2" in said(turned)
    assert said(result) == before
    assert turned.response is not None
    back = await blank.editor.click(turned.response, label="Previous")
    assert back.response is not None
    assert back.response.id == turned.response.id, "one's own private page turns in place"


@pytest.mark.parametrize(
    "names",
    [
        [
            f"{word} and Sons Holding Company of the Northern Provinces Limited Partnership {word}"
            for word in ("Cd", "Ab")
        ],
        [f"Mitsubishi Heavy Industries Machinery Works of Sagamihara {word}" for word in ("Systems", "Alpha")],
        [f"{'Industries ' * 9}{end}" for end in "zy"],
    ],
)
async def test_pages_of_a_company_with_the_longest_name_stay_its_own(blank: Scene, names: list[str]) -> None:
    """A button's memory is 100 characters; a company's name may have as many, and begin as another's does."""
    assert all(48 < len(name) <= 100 for name in names)
    await tell_many(blank, 12, party=[{"company": names[0]}])
    await blank.tell(a_story("other", party=[{"company": names[1]}]))
    for command, more in (("deals", {}), ("latest", {}), ("latest", {"claim": "reported"})):
        result = await blank.reader.slash(blank.deals, command, company=names[0], **more)
        assert result.response is not None
        turned = await blank.reader.click(result.response, label="Next")
        assert "Page 2 of 2" in said(turned)
        assert names[0] in prose(turned)[0]


async def test_a_page_that_is_gone_shows_the_last_there_is(blank: Scene) -> None:
    """Stories leave a list while somebody reads it: a deal is signed, and `talks` has one page less."""
    await tell_many(blank, 11)
    result = await blank.reader.slash(blank.deals, "deals", stage="talks")
    for number in range(2):
        await blank.publish(f"deal-number-{number:03d}", date="2025-08", stage="signed")
    assert result.response is not None
    turned = await blank.reader.click(result.response, label="Next")
    assert "9 deals" in said(turned)
    assert "Deal number 010" in said(turned)


async def test_latest_is_newest_first_and_names_story_claim_and_source(scene: Scene) -> None:
    await scene.publish(headline="Brand new", source=[{"publisher": "Nikkei"}], date="2026-01-01")
    first = prose(await scene.ask("!latest"))[1]
    for expected in ("Brand new", "Reported", "1 Jan 2026", "Nissan and Foxconn: EV production", "Nikkei"):
        assert expected in first


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("!deal nissan", "No story about Nissan yet"),
        ("!story nissan", "No story about Nissan yet"),
        ("!company nissan", "matches “nissan”"),
        ("!deals", "No deals yet"),
        ("!latest", "No developments yet"),
        ("!following", "Nothing is followed here yet"),
    ],
)
async def test_an_empty_store_says_what_to_do(blank: Scene, text: str, sentence: str) -> None:
    """A newcomer who set SEEDS empty meets sentences, not errors."""
    assert sentence in said(await blank.ask(text))


async def test_an_empty_store_completes_nothing(blank: Scene) -> None:
    for command, option in (("deal", "query"), ("company", "name"), ("deals", "company")):
        assert await blank.reader.autocomplete(blank.deals, command, option, "nis") == []


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        ("!deals nissan talks", "EV production at Oppama", "end their merger talks"),
        ("!deals terminated 2025", "end their merger talks", "EV production at Oppama"),
        ("!deals acquisition", "EasyPark", "Oppama"),
        ("!latest denied", "Foxconn reported not to be", "EasyPark"),
        ("!deal mergers", "Honda and Nissan", "Oppama"),
        ("{bot} which deals of nissan were terminated?", "end their merger talks", "Oppama"),
        ("!deals Übernahmen", "EasyPark", "Oppama"),
        ("!deals nissan -foxconn", "Honda and Nissan", "Oppama"),
    ],
)
async def test_lists_are_filtered_in_plain_words(scene: Scene, text: str, shown: str, hidden: str) -> None:
    answer = said(await scene.ask(text.format(bot=scene.mention)))
    assert shown in answer
    assert hidden not in answer


async def test_filters_are_buttons_that_remove_them(scene: Scene) -> None:
    """Of a list that nothing matches too, and after a restart."""
    answer = await scene.reader.slash(scene.deals, "deals", query="nissan completed")
    assert "No deal matches all of these" in said(answer)
    assert list(buttons(answer)) == ["Nissan ✖", "Completed ✖"]
    await scene.restart()
    assert answer.response is not None
    of_nissan = await scene.reader.click(answer.response, label="Completed ✖")
    assert list(buttons(of_nissan))[:1] == ["Nissan ✖"]
    assert "EV production at Oppama" in said(of_nissan)
    assert of_nissan.response is not None
    everything = await scene.reader.click(of_nissan.response, label="Nissan ✖")
    assert "EasyPark" in said(everything)
    assert "Nissan ✖" not in buttons(everything)


async def test_what_a_list_cannot_be_filtered_by_is_said(scene: Scene) -> None:
    assert "This list cannot be filtered by: over $5 billion." in said(await scene.ask("!latest nissan over $5bn"))


async def test_a_list_that_nobody_used_for_long_says_so(scene: Scene) -> None:
    answer = await scene.ask("!deals nissan talks")
    async with scene.container.services.store.write() as tx:
        await tx.list_queries.erase_before(datetime(2100, 1, 1, tzinfo=UTC))
    clicked = await scene.reader.click(answer, label="Nissan ✖")
    assert private(clicked)
    assert "This list has expired. Please ask again." in said(clicked)


@pytest.mark.parametrize(
    ("custom_id", "shown"),
    [
        ("dw:deals:1:1:talks:supply:Acme", "11 deals"),
        ("dw:deals:0:0:::", "11 stories"),
        ("dw:latest:0:Acme", "11 developments"),
        ("dw:news:0:supply:talks:reported:Acme", "11 developments"),
    ],
)
async def test_pages_that_earlier_versions_sent_still_turn(blank: Scene, custom_id: str, shown: str) -> None:
    await tell_many(blank, 11)
    channel = blank.client.get_channel(blank.deals.id)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send(view=Card(discord.ui.ActionRow(button("Next", custom_id))))
    assert shown in said(await blank.reader.click(message_of(sent), label="Next"))
