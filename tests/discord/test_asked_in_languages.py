"""Asking in another language: each is answered in their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.discord.seen import buttons, menus, message_of, said
from tests.discord.stage import OPPAMA, Scene
from tests.languages.pseudo import bracketed


@pytest.fixture
def abroad(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Yield a reader whose Discord is in another language than the others'."""
    audience, reader = scene.client.language_resolver, scene.reader.id

    async def of_interaction(interaction: Any) -> str:
        return "de" if interaction.user.id == reader else "en"

    monkeypatch.setattr(audience, "for_interaction", of_interaction)
    with bracketed():
        yield scene


async def test_the_same_question_is_answered_to_each_in_their_language(abroad: Scene) -> None:
    """Answers and their cards are kept, for each language its own."""
    for _ in range(2):
        foreign = await abroad.reader.slash(abroad.deals, "deal", query="nissan foxconn talks")
        english = await abroad.editor.slash(abroad.deals, "deal", query="nissan foxconn talks")
        assert {"⟦Follow⟧", "⟦Full story⟧", "⟦Timeline⟧"} <= set(buttons(foreign))
        assert "⟦Matched: Nissan, Foxconn, ⟦talks⟧⟧" in said(foreign)
        assert {"Follow", "Full story", "Timeline"} <= set(buttons(english))
        assert "⟦" not in said(english)


async def test_stages_kinds_and_claims_are_taken_by_their_labels(abroad: Scene) -> None:
    """What is picked is sent as its value; what is typed may be either."""
    for command, option, typed, name, value in (
        ("deals", "stage", "in ta", "⟦In talks⟧", "talks"),
        ("deals", "kind", "supp", "⟦Supply⟧", "supply"),
        ("latest", "claim", "denied", "⟦Denied⟧", "denied"),
    ):
        offered = await abroad.reader.autocomplete(abroad.deals, command, option, typed)
        assert [(choice["name"], choice["value"]) for choice in offered] == [(name, value)]
    for stage in ("talks", "⟦In talks⟧"):
        listed = await abroad.reader.slash(abroad.deals, "deals", stage=stage)
        assert "⟦In talks⟧" in said(listed)
        assert [title for title in menus(listed) if "⟦Open a story⟧" in title]
    refused = await abroad.reader.slash(abroad.deals, "deals", stage="zzgrbl")
    assert "⟦stage⟧: ⟦expected one of rumoured, talks," in said(refused)


async def test_a_page_and_a_picture_come_in_the_language_of_who_clicks(abroad: Scene) -> None:
    """Also under a card that somebody else asked for in another."""
    answer = message_of(await abroad.editor.slash(abroad.deals, "story", query=OPPAMA))
    assert "⟦As of " in said(await abroad.reader.click(answer, label="Full story"))
    drawn = await abroad.reader.click(answer, label="Timeline")
    assert "⟦Full story⟧" in buttons(drawn)


async def test_what_cannot_be_done_is_told_in_the_language(abroad: Scene) -> None:
    nothing = await abroad.reader.slash(abroad.deals, "story", query="zzgrbl")
    assert "⟦No story matches “zzgrbl”.⟧" in said(nothing)
    unknown = await abroad.reader.slash(abroad.deals, "deals", company="zzgrbl")
    assert "⟦No company matches “zzgrbl”.⟧" in said(unknown)
