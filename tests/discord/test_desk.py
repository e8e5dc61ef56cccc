"""The desk at work: publish, correct, retract, begin and change a story; and what readers and followers see of it."""

from __future__ import annotations

import pytest

from tests.discord.seen import OpenForm, check_limits, message_of, private, said
from tests.discord.stage import OPPAMA, Scene
from tests.discord.stories import a_story


async def test_a_published_development_is_answered_and_delivered(scene: Scene) -> None:
    """Story, date, claim and stage come with the command; headline, text and sources in the form."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    form = await scene.form("desk publish", story=OPPAMA, date="2025-09-14", claim="confirmed", stage="signed")
    assert form.labels == ["Headline", "Text", "Sources (one per line)"]
    told = await scene.submit(
        form,
        headline="Nissan and Foxconn sign for Oppama",
        text="Both say so.",
        sources="Nikkei | They sign | https://nikkei.example/1 | 2025-09-14\nReuters",
    )
    assert "Published “Nissan and Foxconn sign for Oppama” in **Nissan and Foxconn: EV production at Oppama**" in said(
        told
    )
    assert "Sending to 1 channel." in said(told)
    assert private(told)
    await scene.send_posts()
    answer = said(await scene.ask("!deal oppama"))
    for shown in (answer, said(scene.posts()[0])):
        for expected in (
            "sign for Oppama",
            "Confirmed",
            "14 Sept 2025",
            "Signed",
            "https://nikkei.example/1",
            "Reuters",
        ):
            assert expected in shown
    assert "Disputed" not in answer


async def test_a_bounded_date_is_typed_and_shown(scene: Scene) -> None:
    """In the command's option, in a source's line and in the card, the lists and the question's dates."""
    form = await scene.form("desk publish", story=OPPAMA, date="By 2026-01")
    await scene.submit(
        form, headline="Talks go on", sources="Nikkei | They talk | https://nikkei.example/1 | by 2026-01"
    )
    answer = said(await scene.ask("!deal oppama"))
    assert "Reported · by Jan 2026" in answer
    assert "As of January 2026" in answer
    assert "Reported · by Jan 2026" in said(await scene.ask("!latest nissan"))
    assert "as of January 2026" in said(await scene.ask("!deals nissan"))
    form = await scene.form("desk correct", story=OPPAMA, development="by-2026-01-talks-go-on")
    assert "Nikkei | They talk | https://nikkei.example/1 | by 2026-01" in form.filled().values()


async def test_what_is_left_out_is_today_and_reported(scene: Scene) -> None:
    await scene.submit(await scene.form("desk publish", story=OPPAMA), headline="Plain news")
    shown = said(await scene.ask("!latest nissan"))
    assert "Plain news" in shown
    assert "Reported · 1 Jan 2026" in shown


async def test_the_form_names_the_story_that_was_given(scene: Scene) -> None:
    form = await scene.form("desk publish", story=OPPAMA)
    assert form.title == "Publish in: Nissan and Foxconn: EV…"
    assert (await scene.form("desk publish")).title == "Publish a development"


async def test_the_form_offers_the_newest_stories_and_a_new_one(scene: Scene) -> None:
    """And to suggest one, which is what it does unless the editor chooses."""
    form = await scene.form("desk publish")
    assert form.labels == ["Story", "Headline", "Text", "Sources (one per line)"]
    offered = form.choices("Story")
    assert list(offered)[:2] == ["Let the bot suggest one", "A new story"]
    assert len(offered) == 18
    headline = next(label for label, value in offered.items() if value == OPPAMA)
    assert headline == "Nissan and Foxconn: EV production at Oppama"
    await scene.submit(form, story=OPPAMA, headline="Picked in the form")
    assert "Picked in the form" in said(await scene.ask("!deal oppama"))


async def test_a_new_story_is_begun_by_its_first_development(scene: Scene) -> None:
    """It is found at once, goes to those who follow its kind, and its parties are added afterwards."""
    await scene.editor.slash(scene.deals, "follow", target="licensing")
    form = await scene.form("desk publish", kind="licensing", stage="talks")
    told = said(await scene.submit(form, story="new story", headline="Acme licenses a cell", text="To Bolt."))
    assert "Published “Acme licenses a cell” in the new story **Acme licenses a cell** (`acme-licenses-a-cell`)" in told
    assert "Add its parties with `/desk story`" in told
    await scene.send_posts()
    assert len(scene.posts()) == 1
    change = await scene.form("desk story", story="acme-licenses-a-cell")
    told = await scene.submit(change, parties="Acme | licensor\nhon hai: licensee")
    await scene.editor.click(message_of(told), label="Create 1 company and save")
    answer = said(await scene.ask("!deal foxconn acme"))
    assert "**Acme** (licensor) · **Foxconn** (licensee)" in answer
    assert "In talks" in answer


async def test_a_story_with_a_known_headline_gets_its_own_slug(scene: Scene) -> None:
    """A second new story of the same headline gets a name of its own."""
    for _ in range(2):
        told = said(await scene.submit(await scene.form("desk publish"), story="new story", headline="Same again"))
    assert "`same-again-2`" in told


async def test_publishing_a_development_twice_changes_nothing(scene: Scene) -> None:
    """The same development twice changes nothing and posts nothing."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    for _ in range(2):
        told = await scene.submit(await scene.form("desk publish", story=OPPAMA, date="2025-09"), headline="Once")
    assert "No change: **" in said(told)
    await scene.send_posts()
    assert len(scene.posts()) == 1


async def test_a_correction_changes_form_fields_and_options(scene: Scene) -> None:
    """The form opens with what is known; followers get no second post."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    form = await scene.form(
        "desk correct", story=OPPAMA, development="talks-reported", date="2025-07", claim="confirmed", stage="agreed"
    )
    assert form.text("Headline") == "Nissan and Foxconn reported to be negotiating EV production at Oppama"
    assert form.text("Sources (one per line)").startswith(
        "Autovista24 | Nissan, Foxconn in talks over EV manufacturing"
    )
    told = await scene.submit(form, headline="Nissan and Foxconn negotiate", sources="Nikkei")
    assert "Corrected “Nissan and Foxconn negotiate” in **" in said(told)
    answer = said(await scene.ask("!deal oppama"))
    for expected in ("Nissan and Foxconn negotiate", "**Confirmed** · July 2025 · Nikkei", "**Agreed (non-binding)**"):
        assert expected in answer
    await scene.send_posts()
    assert scene.posts() == []


async def test_a_stage_is_taken_away_with_none(scene: Scene) -> None:
    form = await scene.form("desk correct", story=OPPAMA, development="talks-reported", stage="none")
    await scene.submit(form)
    assert "Stage unknown" in said(await scene.ask("!deal oppama"))


async def test_a_correction_that_changes_nothing_says_so(scene: Scene) -> None:
    form = await scene.form("desk correct", story=OPPAMA, development="talks-reported")
    assert "No change: **" in said(await scene.submit(form))


async def test_a_retraction_takes_it_out_of_the_answer_and_tells_why(scene: Scene) -> None:
    told = await scene.editor.slash(
        scene.desk, "desk retract", story=OPPAMA, development="concrete-talks-denied", reason="It was never said"
    )
    assert "Retracted “Foxconn reported not to be in concrete negotiations" in said(told)
    answer = await scene.ask("!deal oppama")
    assert "Disputed" not in said(answer)
    full = said(await scene.reader.click(answer, label="Full story"))
    assert "It was never said" in full
    again = await scene.editor.slash(
        scene.desk, "desk retract", story=OPPAMA, development="concrete-talks-denied", reason="It was never said"
    )
    assert "is already retracted: It was never said" in said(again)


async def test_a_publication_is_undone_and_made_again(scene: Scene) -> None:
    """What was sent is edited; the button under the undone one publishes it again."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    told = await scene.submit(await scene.form("desk publish", story=OPPAMA), headline="Too early")
    await scene.send_posts()
    undone = await scene.editor.click(message_of(told), label="Undo")
    assert "Withdrew “Too early” from **Nissan and Foxconn" in said(undone)
    assert "Updating 1 post." in said(undone)
    await scene.send_posts()
    assert "~~Too early~~" in said(scene.posts()[0])
    assert "The desk has taken its publication back." in said(scene.posts()[0])
    assert "Too early" not in said(await scene.ask("!deal oppama"))
    again = await scene.editor.click(message_of(undone), label="Publish again")
    assert "“Too early” in **" in said(again)
    assert "Updating 1 post." in said(again)
    await scene.send_posts()
    assert "~~" not in said(scene.posts()[0])
    assert len(scene.posts()) == 1


async def test_undoing_before_anything_is_sent_sends_nothing(scene: Scene) -> None:
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    told = await scene.submit(await scene.form("desk publish", story=OPPAMA), headline="Too early")
    undone = await scene.editor.click(message_of(told), label="Undo")
    await scene.send_posts()
    assert scene.posts() == []
    again = await scene.editor.click(message_of(undone), label="Publish again")
    assert "Sending to 1 channel." in said(again)
    await scene.send_posts()
    assert "Too early" in said(scene.posts()[0])


async def test_a_retraction_is_undone(scene: Scene) -> None:
    """By the button of the confirmation, or by that of a second retraction, when the first is gone."""
    options = {"story": OPPAMA, "development": "concrete-talks-denied", "reason": "It was never said"}
    told = await scene.editor.slash(scene.desk, "desk retract", **options)
    undone = await scene.editor.click(message_of(told), label="Undo")
    assert "Restored “" in said(undone)
    assert "Disputed" in said(await scene.ask("!deal oppama"))
    await scene.editor.slash(scene.desk, "desk retract", **options)
    again = await scene.editor.slash(scene.desk, "desk retract", **options)
    await scene.editor.click(message_of(again), label="Undo")
    assert "Disputed" in said(await scene.ask("!deal oppama"))


async def test_a_former_editor_undoes_nothing(scene: Scene) -> None:
    told = await scene.submit(await scene.form("desk publish", story=OPPAMA), headline="Just so")
    roles = scene.guild.roles["Editors"]
    scene.env.backend.remove_member_role(scene.guild.id, scene.editor.id, roles.id)
    refused = await scene.editor.click(message_of(told), label="Undo")
    assert "Only the desk can do this" in said(refused)
    assert "Just so" in said(await scene.ask("!latest nissan"))


async def test_a_retracted_development_is_offered_no_more(scene: Scene) -> None:
    options = {"story": OPPAMA, "development": "concrete-talks-denied", "reason": "It was never said"}
    await scene.editor.slash(scene.desk, "desk retract", **options)
    for command in ("desk correct", "desk retract"):
        offered = await scene.editor.autocomplete(scene.desk, command, "development", "", story=OPPAMA)
        assert [choice["value"] for choice in offered] == ["talks-reported"]


async def test_why_says_that_a_development_was_retracted(scene: Scene) -> None:
    options = {"story": OPPAMA, "development": "concrete-talks-denied", "reason": "It was never said"}
    await scene.editor.slash(scene.desk, "desk retract", **options)
    assert "**Retracted:** It was never said" in said(await scene.ask("!why oppama"))


async def test_a_company_in_two_roles_is_one_party(scene: Scene) -> None:
    """As after a merge, when each story had named a role of its own."""
    change = await scene.form("desk story", story=OPPAMA)
    await scene.submit(change, parties="Nissan | plant owner\nFoxconn | contract manufacturer\nNissan: target")
    answer = await scene.ask("!deal oppama")
    assert "**Nissan** (plant owner, target) · **Foxconn** (contract manufacturer)" in said(answer)
    assert "**Nissan** (plant owner, target)" in said(await scene.reader.click(answer, label="Full story"))


async def test_a_story_is_begun_and_changed(scene: Scene) -> None:
    form = await scene.form("desk story", kind="plant")
    assert form.labels == ["Headline", "Summary", "Parties (one per line)", "Related stories"]
    asked = await scene.submit(
        form, headline="Acme builds a plant", summary="Near Oppama.", parties="Acme | owner", related=OPPAMA
    )
    told = await scene.editor.click(message_of(asked), label="Create 1 company and save")
    assert "Story created: **Acme builds a plant** (`acme-builds-a-plant`)" in said(told)
    answer = await scene.ask("!story acme-builds-a-plant")
    assert "Near Oppama." in said(answer)
    assert "→ Nissan and Foxconn: EV production" in said(answer)
    change = await scene.form("desk story", story="acme-builds-a-plant")
    assert change.text("Parties (one per line)") == "Acme | owner"
    assert change.text("Related stories") == OPPAMA
    assert "Story changed: **Acme opens a plant**" in said(await scene.submit(change, headline="Acme opens a plant"))
    assert "Near Oppama." in said(await scene.ask("!story acme opens"))


async def test_new_companies_are_created_only_if_confirmed(scene: Scene) -> None:
    """A slip of the finger names no new company: similar names are offered, and what was typed can be edited."""
    form = await scene.form("desk story", kind="plant")
    parties = "Nisan: owner\nFoxconn | builder\nRoadworks Inc"
    asked = await scene.submit(form, headline="Zanzibar works", summary="Near Oppama.", parties=parties)
    assert "2 new companies" in said(asked)
    assert "**Nisan**: did you mean Nissan" in said(asked)
    assert "**Roadworks Inc**: no known company has a similar name." in said(asked)
    assert private(asked)
    assert "No story matches" in said(await scene.ask("!story zanzibar"))
    left = await scene.editor.click(message_of(asked), label="Use Nissan")
    assert "1 new company" in said(left)
    assert "Nisan**" not in said(left)
    again = OpenForm(await scene.editor.click(message_of(left), label="Edit"))
    assert again.text("Parties (one per line)") == "Nissan | owner\nFoxconn | builder\nRoadworks Inc"
    told = await scene.editor.click(message_of(left), label="Create 1 company and save")
    assert "Story created: **Zanzibar works**" in said(told)
    assert "**Nissan** (owner) · **Foxconn** (builder) · **Roadworks Inc**" in said(await scene.ask("!story zanzibar"))


async def test_a_story_keeps_its_kind_unless_another_is_named(scene: Scene) -> None:
    await scene.submit(await scene.form("desk story", story=OPPAMA), summary="Short.")
    assert "Contract manufacturing" in said(await scene.ask("!deal oppama"))
    await scene.submit(await scene.form("desk story", story=OPPAMA, kind="joint-venture"))
    assert "Joint venture" in said(await scene.ask("!deal oppama"))


async def test_two_editors_of_one_development_keep_each_others_change(scene: Scene) -> None:
    """Both have the form open; one mends the headline, the other the text."""
    other = scene.guild.add_member(scene.env.create_user("colleague"), roles=[scene.guild.roles["Editors"]])
    first = await scene.form("desk correct", story=OPPAMA, development="talks-reported")
    second = await scene.form("desk correct", by=other, story=OPPAMA, development="talks-reported")
    await scene.submit(first, headline="A better headline")
    await scene.submit(second, by=other, text="A better text.")
    full = said(await scene.reader.click(await scene.ask("!deal oppama"), label="Full story"))
    assert "A better headline" in full
    assert "A better text." in full


async def test_two_editors_of_one_story_keep_each_others_change(scene: Scene) -> None:
    other = scene.guild.add_member(scene.env.create_user("colleague"), roles=[scene.guild.roles["Editors"]])
    first = await scene.form("desk story", story=OPPAMA)
    second = await scene.form("desk story", by=other, story=OPPAMA)
    await scene.submit(first, summary="A better summary.")
    await scene.submit(second, by=other, headline="A better headline")
    answer = said(await scene.ask(f"!deal {OPPAMA}"))
    assert "A better summary." in answer
    assert "A better headline" in answer


async def test_forms_lose_nothing_of_a_story_at_every_limit(blank: Scene) -> None:
    """More parties, related slugs and sources than a form's fields hold: what is not touched stays."""
    sources = [
        {"publisher": "P" * 100, "title": "T" * 400, "url": f"https://e.example/{'u' * 900}/{n}"} for n in range(9)
    ]
    related = [f"story-{n}-{'r' * 55}" for n in range(20)]
    for slug in related:
        await blank.tell(a_story(slug))
    development = {"id": "one", "date": "2025", "headline": "H" * 200, "text": "x " * 2000, "claim": "reported"}
    parties = [{"company": f"{n} {'C' * 90}", "role": "R" * 100} for n in range(30)]
    story = a_story(
        "huge", related=related, party=parties, summary="S" * 2000, development=[{**development, "source": sources}]
    )
    await blank.tell(story)
    before = await blank.container.services.library.get_story("huge")
    await blank.submit(await blank.form("desk story", story="huge"), headline="Changed")
    told = await blank.submit(await blank.form("desk correct", story="huge", development="one"), headline="Changed too")
    check_limits(told)
    after = await blank.container.services.library.get_story("huge")
    assert (after.headline, after.parties, after.related_slugs) == ("Changed", before.parties, before.related_slugs)
    assert after.developments[0].sources == before.developments[0].sources


@pytest.mark.parametrize("typed", ["", "denied", "2025", "concrete"])
async def test_developments_are_offered_newest_first(scene: Scene, typed: str) -> None:
    for command in ("desk correct", "desk retract"):
        offered = await scene.editor.autocomplete(scene.desk, command, "development", typed, story=OPPAMA)
        values = [choice["value"] for choice in offered]
        assert values[0] == "concrete-talks-denied"
        assert offered[0]["name"].startswith("August 2025: Foxconn reported not to be")


async def test_developments_are_offered_for_a_story_typed_by_hand(scene: Scene) -> None:
    """Autocomplete is help, not a gate."""
    offered = await scene.editor.autocomplete(scene.desk, "desk correct", "development", "", story="oppama")
    assert len(offered) == 2


async def test_no_development_is_offered_before_the_story_is_chosen(scene: Scene) -> None:
    for options in ({}, {"story": "zzgrbl"}, {"story": "nissan"}):
        assert await scene.editor.autocomplete(scene.desk, "desk retract", "development", "x", **options) == []


@pytest.mark.parametrize(
    ("option", "typed", "expected"),
    [("story", "nis", OPPAMA), ("claim", "den", "denied"), ("stage", "sig", "signed"), ("kind", "pla", "plant")],
)
async def test_the_desks_options_are_offered(scene: Scene, option: str, typed: str, expected: str) -> None:
    offered = await scene.editor.autocomplete(scene.desk, "desk publish", option, typed)
    assert expected in [choice["value"] for choice in offered]


async def test_two_stories_are_made_one_and_two_again(scene: Scene) -> None:
    """By a command, and by the button under its answer; the old name answers meanwhile."""
    merged = await scene.editor.slash(scene.desk, "desk merge", story="honda-nissan-merger", into=OPPAMA)
    assert "was merged into **Nissan and Foxconn" in said(merged)
    assert "`honda-nissan-merger` still works" in said(merged)
    assert "Nissan and Foxconn: EV production" in said(await scene.ask("!deal honda-nissan-merger"))
    parted = await scene.editor.click(message_of(merged), label="Undo")
    assert "are separate stories again" in said(parted)
    assert "Honda and Nissan" in said(await scene.ask("!deal honda-nissan-merger"))
