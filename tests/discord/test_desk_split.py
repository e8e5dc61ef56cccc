"""The desk splits a story and looks at its history, by menus, a form and buttons."""

from __future__ import annotations

from typing import Any

from tests.discord.seen import OpenForm, buttons, check_limits, menu_id, menus, message_of, parts, private, said
from tests.discord.stage import OPPAMA, Scene
from tests.discord.stories import a_story, largest_story

DENIAL = "Foxconn reported not to be in concrete negotiations"
MERGER = "honda-nissan-merger"


async def begin(scene: Scene, story: str = OPPAMA, **options: Any) -> Any:
    """Open the card of a split."""
    return await scene.editor.slash(scene.desk, "desk split", story=story, **options)


async def choose(scene: Scene, card: Any, *labels: str, by: Any = None) -> Any:
    """Choose the developments whose lines in the menu have these texts."""
    title = "Choose what moves"
    (options,) = [choices for placeholder, choices in menus(card).items() if placeholder.startswith(title)]
    values = [value for label, value in options.items() if any(text in label for text in labels)]
    assert len(values) == len(labels)
    return await (by or scene.editor).select(message_of(card), custom_id=menu_id(card, title), values=values)


def selected(card: Any) -> list[str]:
    """Return the labels that are selected in the menus of a card."""
    return [option["label"] for part in parts(card) for option in part.get("options", ()) if option.get("default")]


async def test_a_development_is_split_off_as_a_new_story(scene: Scene) -> None:
    """The form is filled in from what moves; posts are updated, followers follow both, one button takes it back."""
    await scene.editor.slash(scene.deals, "follow", target=OPPAMA)
    told = await scene.submit(await scene.form("desk publish", story=OPPAMA), headline="Honda plans a plant in Ohio")
    await scene.send_posts()
    assert "Published" in said(told)
    card = await begin(scene)
    assert private(card)
    assert buttons(card) == {"Next: the new story": False, "Discard": True}
    card = await choose(scene, card, "Honda plans a plant in Ohio")
    assert "1 development moves:" in said(card)
    check_limits(card)
    form = await scene.open_form(card, "Next: the new story")
    assert form.labels == ["Headline", "Summary", "Kind", "Parties (one per line)"]
    assert form.text("Headline") == "Honda plans a plant in Ohio"
    done = await scene.submit(form, summary="Honda will build.", kind="plant")
    assert "Moved “Honda plans a plant in Ohio” from **Nissan and Foxconn" in said(done)
    assert "to the new story **Honda plans a plant in Ohio** (`honda-plans-a-plant-in-ohio`)" in said(done)
    assert "1 follow was copied. Updating 1 post." in said(done)
    await scene.send_posts()
    (post,) = scene.posts()
    opened = said(await scene.reader.click(post, label="Full story"))
    assert "Honda will build." in opened
    assert "Honda plans" not in said(await scene.ask(f"!deal {OPPAMA}"))
    undone = await scene.editor.click(message_of(done), label="Undo")
    assert "“Honda plans a plant in Ohio” is back in **Nissan and Foxconn" in said(undone)
    assert "`honda-plans-a-plant-in-ohio` now leads there." in said(undone)
    await scene.send_posts()
    assert "Nissan and Foxconn" in said(await scene.reader.click(scene.posts()[0], label="Full story"))
    assert buttons(undone) == {}


async def test_developments_move_to_another_story(scene: Scene) -> None:
    """Named by its headline or slug; with neither follows nor posts touched if the editor says so."""
    await scene.editor.slash(scene.deals, "follow", target=OPPAMA)
    card = await choose(scene, await begin(scene, into="honda nissan merger"), DENIAL)
    assert "**To:** Honda and Nissan" in said(card)
    assert "Followers follow both stories" in selected(card)
    card = await scene.editor.select(message_of(card), custom_id=menu_id(card, "Follows and posts"), values=[])
    assert [label for label in selected(card) if DENIAL not in label] == []
    done = await scene.editor.click(message_of(card), label="Move")
    assert f"Moved “{DENIAL}" in said(done)
    assert f"(`{MERGER}`)" in said(done)
    assert "follow" not in said(done)
    assert DENIAL in said(await scene.reader.click(await scene.ask(f"!deal {MERGER}"), label="Full story"))
    assert "Disputed" not in said(await scene.ask("!deal oppama"))
    await scene.editor.click(message_of(done), label="Undo")
    assert "Disputed" in said(await scene.ask("!deal oppama"))


async def test_two_editors_split_one_story(scene: Scene) -> None:
    """The second is told that the first was faster, and sees what is left."""
    await scene.publish(headline="Third news", date="2025-09", claim="reported")
    other = scene.guild.add_member(scene.env.create_user("colleague"), roles=[scene.guild.roles["Editors"]])
    first = await choose(scene, await begin(scene, into=MERGER), DENIAL)
    second = await other.slash(scene.desk, "desk split", story=OPPAMA, into=MERGER)
    second = await choose(scene, second, DENIAL, by=other)
    await scene.editor.click(message_of(first), label="Move")
    refused = await other.click(message_of(second), label="Move")
    assert "Somebody else has changed this story" in said(refused)
    assert "Choose the developments that move." in said(refused)
    third = await choose(scene, refused, "Third news", by=other)
    assert "Moved “Third news”" in said(await other.click(message_of(third), label="Move"))


async def test_all_developments_cannot_be_chosen(scene: Scene) -> None:
    card = await choose(scene, await begin(scene), DENIAL, "reported to be negotiating")
    assert "At least one development must stay" in said(card)
    assert buttons(card)["Next: the new story"] is False


async def test_a_long_list_is_chosen_from_page_by_page(blank: Scene) -> None:
    """What was chosen on one page stays while another is shown; the card fits with every text at its limit."""
    await blank.tell(largest_story())
    card = await begin(blank, "largest")
    (title,) = [title for title in menus(card) if title.startswith("Choose what moves")]
    assert title == "Choose what moves (1 to 25 of 60)"
    card = await choose(blank, card, next(iter(menus(card)[title])))
    card = await blank.editor.click(message_of(card), label="Next")
    check_limits(card)
    (title,) = [title for title in menus(card) if title.startswith("Choose what moves")]
    assert title == "Choose what moves (26 to 50 of 60)"
    menu = menus(card)[title]
    card = await blank.editor.select(message_of(card), custom_id=menu_id(card, title), values=list(menu.values()))
    check_limits(card)
    assert "**26 developments move:**" in said(card)
    form = await blank.open_form(card, "Next: the new story")
    done = await blank.submit(form, headline="A part of it")
    check_limits(done)
    assert "Moved 26 developments" in said(done)


async def test_a_discarded_split_moves_nothing(scene: Scene) -> None:
    card = await choose(scene, await begin(scene), DENIAL)
    gone = await scene.editor.click(message_of(card), label="Discard")
    assert "Nothing was moved" in said(gone)
    assert buttons(gone) == {}
    assert DENIAL in said(await scene.reader.click(await scene.ask("!deal oppama"), label="Full story"))


async def test_a_split_goes_on_after_a_restart(scene: Scene) -> None:
    card = await choose(scene, await begin(scene), DENIAL)
    await scene.restart()
    form = OpenForm(await scene.editor.click(message_of(card), label="Next: the new story"))
    assert form.text("Headline").startswith(DENIAL)


async def test_the_history_is_read_in_words(scene: Scene) -> None:
    """Newest first: who, when, and what it was before; for the editor alone."""
    editor = f"<@{scene.editor.id}>"
    await scene.submit(await scene.form("desk publish", story=OPPAMA, date="2025-09"), headline="Both are silent")
    key = "2025-09-both-are-silent"
    form = await scene.form("desk correct", story=OPPAMA, development=key, date="2025-10", claim="confirmed")
    await scene.submit(form, headline="Both stay silent")
    await scene.editor.slash(scene.desk, "desk retract", story=OPPAMA, development=key, reason="It was never said")
    await scene.submit(await scene.form("desk story", story=OPPAMA), headline="Nissan and Foxconn at Oppama")
    shown = await scene.editor.slash(scene.desk, "desk history", story=OPPAMA)
    assert private(shown)
    check_limits(shown)
    text = said(shown)
    expected = [
        "**Changed the story:** headline: “Nissan and Foxconn: EV production",
        "→ “Nissan and Foxconn at Oppama”",
        "**Retracted** “Both stay silent”\nIt was never said",
        "**Corrected** “Both stay silent”\nheadline: “Both are silent” → “Both stay silent” · date: September 2025 → October 2025",
        "claim: Reported → Confirmed",
        "**Added** “Both are silent”\nReported · September 2025",
        "from the starter collection",
    ]
    positions = [text.find(line) for line in expected]
    assert positions == sorted(positions)
    assert min(positions) >= 0
    assert editor in text
    assert "{" not in text


async def test_the_history_has_pages(blank: Scene) -> None:
    """Each fits with every text at its limit, and a former editor can turn none."""
    await blank.tell(largest_story())
    shown = await blank.editor.slash(blank.desk, "desk history", story="largest")
    check_limits(shown)
    assert "Page 1 of 8" in said(shown)
    shown = await blank.editor.click(message_of(shown), label="Next")
    check_limits(shown)
    assert "Page 2 of 8" in said(shown)
    blank.env.backend.remove_member_role(blank.guild.id, blank.editor.id, blank.guild.roles["Editors"].id)
    assert "Only the desk can do this" in said(await blank.editor.click(message_of(shown), label="Next"))


async def test_the_history_tells_of_merges_and_splits(scene: Scene) -> None:
    """Also with what was undone, for both stories."""
    await scene.tell(a_story("acme-bolt"))
    merged = await scene.editor.slash(scene.desk, "desk merge", story="acme-bolt", into=OPPAMA)
    await scene.editor.click(message_of(merged), label="Undo")
    card = await choose(scene, await begin(scene, into="acme-bolt"), DENIAL)
    done = await scene.editor.click(message_of(card), label="Move")
    await scene.editor.click(message_of(done), label="Undo")
    text = said(await scene.editor.slash(scene.desk, "desk history", story=OPPAMA))
    for line in (
        f"**Undid a split:** moved “{DENIAL}",
        f"**Split:** moved “{DENIAL}",
        "**Undid the merge** of “Acme bolt” into this story",
        "**Merged** “Acme bolt” into this story",
    ):
        assert line in text
    text = said(await scene.editor.slash(scene.desk, "desk history", story="acme-bolt"))
    for line in ("**Undid a split:** moved", "**Split:** moved", "**Undid the merge** into “Nissan and Foxconn"):
        assert line in text
