"""What an answer shows: one match, several, none, a dispute; and where its menus and buttons lead."""

from __future__ import annotations

from simcord.actors import MemberActor

from bot.model.company import Company
from tests.discord.seen import buttons, check_limits, menu_id, menus, private, prose, said
from tests.discord.stage import Scene
from tests.discord.stories import a_story


async def test_one_match_is_shown_with_everything_that_matters(scene: Scene) -> None:
    """Headline, kind and stage, parties, what happened, who says so, and as of when."""
    answer = said(await scene.ask("!deal easypark parkopedia"))
    for expected in ("EasyPark Group buys Parkopedia", "Acquisition", "**EasyPark Group**", "As of"):
        assert expected in answer
    assert "Other matches" not in answer


async def test_several_matches_show_the_best_and_offer_the_others(scene: Scene) -> None:
    """The menu says how many there are, and holds each other story once."""
    answer = await scene.ask("!deal nissan")
    assert "EV production at Oppama" in said(answer)
    others = menus(answer)["Other matches (3)"]
    assert set(others.values()) == {"foxconn-nissan-stake", "honda-nissan-merger", "foxconn-mitsubishi-ev-supply"}
    assert "Honda and Nissan end their merger talks" in others


async def test_a_kind_in_the_question_finds_the_story_of_that_kind(scene: Scene) -> None:
    assert "Honda and Nissan end their merger talks" in prose(await scene.ask("!deal honda nissan merger"))[0]


async def test_the_menu_shows_the_selected_story_privately(scene: Scene) -> None:
    """Picking from the menu shows that story to the picker alone."""
    answer = await scene.ask("!deal nissan")
    picked = await scene.reader.select(answer, ["honda-nissan-merger"], custom_id=menu_id(answer, "Other matches"))
    assert "Honda and Nissan end their merger talks" in prose(picked)[0]
    assert private(picked)
    assert "EV production at Oppama" in prose(scene.deals.history()[1])[0], "the answer itself stays"


async def test_picking_again_in_ones_own_card_turns_that_card(scene: Scene) -> None:
    """A private card is turned in place: picks do not pile up."""
    answer = await scene.ask("!deal nissan")
    first = await scene.reader.select(answer, ["honda-nissan-merger"], custom_id=menu_id(answer, "Other matches"))
    assert first.response is not None
    second = await scene.reader.click(first.response, label="→ Foxconn and a stake in Nissan")
    assert "Foxconn and a stake in Nissan" in prose(second)[0]
    assert second.response is not None
    assert second.response.id == first.response.id


async def test_a_typo_is_understood_and_said(scene: Scene) -> None:
    answer = said(await scene.ask("!deal nisan foxcon"))
    assert "EV production at Oppama" in answer
    assert "“nisan” read as nissan" in answer.replace("Nissan", "nissan")


async def test_an_answer_says_what_of_the_question_it_has_and_what_not(scene: Scene) -> None:
    assert "Matched: Nissan, talks" in said(await scene.ask("!deal nissan talks"))
    lacking = said(await scene.ask("!deal nissan ceo stake"))
    assert "Matched: Nissan, stake" in lacking
    assert "Not in this story: ceo" in lacking
    assert "Matched" not in said(await scene.ask("!deal honda-nissan-merger"))


async def test_without_a_match_it_offers_what_may_have_been_meant(scene: Scene) -> None:
    """The buttons under the sentence answer when they are clicked."""
    answer = await scene.ask("!deal marger")
    assert "No story matches “marger”" in said(answer)
    assert "Did you mean:" in said(answer)
    label = next(label for label in buttons(answer) if "Honda" in label)
    assert "Honda" in prose(await scene.reader.click(answer, label=label))[0]


async def test_did_you_mean_a_company_leads_to_the_company(scene: Scene) -> None:
    answer = await scene.ask("!company renolt")
    assert "Did you mean:" in said(answer)
    assert "Renault names three electric vans" in said(await scene.reader.click(answer, label="Renault"))


async def test_did_you_mean_turns_ones_own_slash_answer(scene: Scene) -> None:
    """Who asked by slash command gets the answer in place of the question."""
    result = await scene.reader.slash(scene.deals, "deal", query="marger")
    assert result.response is not None
    label = next(label for label in buttons(result) if "Honda" in label)
    clicked = await scene.reader.click(result.response, label=label)
    assert clicked.response is not None
    assert clicked.response.id == result.response.id
    assert private(clicked), "a question that matches nothing was answered to the asker alone"


async def test_nothing_close_says_how_to_go_on(scene: Scene) -> None:
    answer = await scene.ask("!deal zzgrbl")
    assert "No story matches “zzgrbl”" in said(answer)
    assert "/deals" in said(answer)
    assert buttons(answer) == {}


async def test_a_disputed_story_shows_both_sides_with_who_says_so(scene: Scene) -> None:
    """Denial and claim stand beside each other, each with claim, date and source."""
    answer = said(await scene.ask("!deal oppama"))
    assert "Disputed" in answer
    assert "> ✕ **Denied** · August 2025 · Autovista24" in answer
    assert "> ○ **Reported** · August 2025 · Autovista24" in answer
    assert "Foxconn reported not to be in concrete negotiations with Nissan at present" in answer
    assert "Nissan and Foxconn reported to be negotiating EV production at Oppama" in answer


async def test_a_confirmation_settles_a_dispute(scene: Scene) -> None:
    await scene.publish(headline="Both sign", claim="confirmed", stage="signed")
    answer = said(await scene.ask("!deal oppama"))
    assert "Disputed" not in answer
    assert "**Signed**" in answer


async def test_deal_prefers_deals_and_story_takes_any(blank: Scene) -> None:
    """The newest story of Acme is a plant; its deal is older."""
    await blank.tell(a_story("acme-deal"))
    plant = [{"date": "2025-09", "headline": "Acme opens it", "claim": "confirmed"}]
    await blank.tell(a_story("acme-plant", kind="plant", development=plant))
    assert "Acme deal" in prose(await blank.ask("!deal acme"))[0]
    assert "Acme plant" in prose(await blank.ask("!story acme"))[0]


async def test_full_story_turns_its_pages_for_the_clicker_alone(scene: Scene) -> None:
    await scene.publish(headline="Long one", text="word " * 700)
    answer = await scene.ask("!deal oppama")
    first = await scene.reader.click(answer, label="Full story")
    assert private(first)
    assert "Page 1 of" in said(first)
    assert buttons(first)["Next"]
    assert not buttons(first)["Previous"]
    assert first.response is not None
    second = await scene.reader.click(first.response, label="Next")
    assert "Page 2 of" in said(second)
    assert second.response is not None
    assert second.response.id == first.response.id
    check_limits(second)


async def test_what_others_click_does_not_change_my_answer(scene: Scene) -> None:
    answer = await scene.ask("!deal oppama")
    before = said(answer)
    other: MemberActor = scene.editor
    assert private(await other.click(answer, label="Full story"))
    assert said(scene.deals.history()[1]) == before


async def test_a_company_shows_its_names_and_its_stories_by_stage(scene: Scene) -> None:
    answer = said(await scene.ask("!company 鴻海"))
    for expected in ("Foxconn", "Hon Hai", "In talks", "Newest developments"):
        assert expected in answer


async def test_a_company_without_stories_is_known_all_the_same(scene: Scene) -> None:
    """Its names are told, and how to hear of its first story."""
    await scene.container.services.desk.add_companies([Company("Scania", country="SE")], actor="test")
    answer = said(await scene.ask("!company Scania"))
    assert "Country SE" in answer
    assert "No story names this company yet" in answer
    assert "No story is about this company" in said(await scene.ask("!latest Scania"))
    assert "No deal matches" in said(await scene.ask("!deals Scania"))


async def test_a_company_shows_the_stories_that_mention_it(scene: Scene) -> None:
    """It is in a story's text only, and its page says so."""
    answer = said(await scene.ask("!company BMW"))
    assert "No story is about this company yet" in answer
    assert answer.index("Mentioned in") < answer.index("Parkopedia")


async def test_an_answer_that_only_mentions_the_company_says_so(scene: Scene) -> None:
    assert "This story only mentions Volkswagen." in said(await scene.ask("!deal vw"))
    answer = said(await scene.ask("!deal bmw parkopedia"))
    assert "Matched: Parkopedia · Mentions BMW" in answer
    assert "Not in it" not in answer


async def test_companies_that_no_story_has_together_are_named(scene: Scene) -> None:
    """The nearest stories are offered, and none is shown as the answer."""
    answer = await scene.ask("!deal nissan tesla")
    assert "No story has both Nissan and Tesla." in said(answer)
    assert "Closest matches:" in said(answer)
    assert "Tesla reported to be stepping up mass production of the Semi by 2026" in buttons(answer)
    assert "No story about Google yet." in said(await scene.ask("!deal google"))


async def test_a_retraction_is_struck_in_the_full_story_only(scene: Scene) -> None:
    """A retracted development is out of the answer and struck in the full story."""
    outcome = await scene.publish(headline="Wrong thing", stage="signed")
    key = outcome.new_developments[0].key
    await scene.container.services.desk.retract(outcome.story.slug, key, "it was a hoax", actor="test")
    answer = await scene.ask("!deal oppama")
    assert "Wrong thing" not in said(answer)
    assert "**In talks**" in said(answer)
    full = said(await scene.reader.click(answer, label="Full story"))
    assert "~~Wrong thing~~" in full
    assert "it was a hoax" in full
