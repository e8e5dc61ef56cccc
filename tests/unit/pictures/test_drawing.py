"""Pictures as they come out: their size, what is in them, and what no text from outside can do to them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import combinations

import pytest
from matplotlib.text import Text

from bot.languages import use_language
from bot.model.vocabulary import Claim, Stage
from bot.pictures.alt_text import build_label
from bot.pictures.draw import draw
from bot.pictures.draw.fonts import choose_spelling, fit, measure, wrap
from bot.pictures.draw.palette import DARK, DENIAL, DIM, GROUND, INK, NO_STAGE, PANEL, STAGES
from bot.pictures.partner_graph import find_partners, plan_partner_graph
from bot.pictures.timeline_plan import HEADLINE_ELSEWHERE, plan_company_timeline, plan_story_timeline
from tests.languages.pseudo import bracketed, outside
from tests.unit.pictures.examples import colours, contrast, deal, make_development, open_picture, rgb, story

JAPANESE, ARABIC, HINDI = "日産自動車、鴻海と協議", "أرامكو السعودية", "हिन्दी समाचार"
HOSTILE = [r"$\frac{1}{0}$ $x^2$", "$$$", "\\", r"\n{}%_^&#", "\u202eevil", "a" * 400, "\x00\x07", "😀👍🏽🇯🇵"]


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Text]]:
    """Return what was drawn so far that has letters."""
    made: list[Text] = []
    init = Text.__init__

    def keep_text(self: Text, *args: object, **kwargs: object) -> None:
        init(self, *args, **kwargs)  # type: ignore[arg-type]  # handed on as it came
        made.append(self)

    monkeypatch.setattr(Text, "__init__", keep_text)
    return lambda: [one for one in made if one.get_text()]


def drawn(*headlines: str) -> bytes:
    plan = plan_story_timeline(
        story(*(make_development(f"2025-0{n + 1}", headline=text) for n, text in enumerate(headlines)))
    )
    assert plan is not None
    return draw(plan)


def test_a_picture_has_the_width_of_a_phone_three_times_over() -> None:
    picture = open_picture(drawn("One", "Two"))
    assert picture.width == 960
    assert 300 < picture.height < 1000


def test_every_stage_and_claim_of_a_story_is_in_its_picture() -> None:
    steps = [
        make_development(f"202{n}-03-05", stage=stage) for n, stage in enumerate((*list(Stage)[:6], Stage.TERMINATED))
    ]
    plan = plan_story_timeline(story(*steps, make_development("2027-08-09", Claim.DENIED)))
    assert plan is not None
    drawn_colours = colours(draw(plan))
    for stage in ("rumoured", "talks", "agreed", "signed", "review", "completed", "terminated"):
        assert rgb(STAGES[stage].colour) in drawn_colours, stage
    assert rgb(DENIAL) in drawn_colours


@pytest.mark.parametrize("text", HOSTILE)
def test_external_text_is_drawn_as_typed_or_not_at_all(text: str, texts: Callable[[], list[Text]]) -> None:
    """No formula is made of it, nothing is raised, and nothing is drawn beyond the page."""
    drawn(f"x {text}", text)
    plan = plan_company_timeline([story(make_development("2025"), headline=text)], 1)
    assert plan is not None
    draw(plan)
    web = plan_partner_graph([text], find_partners(text, [deal(Stage.TALKS, text, f"{n}{text}") for n in range(3)]), {})
    assert web is not None
    draw(web)
    visible_texts = texts()
    assert visible_texts
    assert all(not one.get_parse_math() or "$" not in one.get_text() for one in visible_texts)
    reaches = [one.get_window_extent() for one in visible_texts if one.axes]
    assert len(reaches) > 10
    assert all(reach.x0 >= -2 and reach.x1 <= 962 for reach in reaches)


def test_the_drawers_words_are_in_the_plans_language(texts: Callable[[], list[Text]]) -> None:
    """Whatever is spoken where it is drawn; the stories' words are in Japanese here."""
    stages = [make_development(f"{2001 + n}", stage=stage, headline=JAPANESE) for n, stage in enumerate(Stage)]
    own = story(*stages, make_development("2010", Claim.DENIED, headline=JAPANESE), headline=JAPANESE)
    deals = [deal(stage, JAPANESE, f"鴻海{n}") for n, stage in enumerate((*Stage, Stage.TALKS, None, None, None))]
    with bracketed():
        web = plan_partner_graph([JAPANESE], find_partners(JAPANESE, [*deals, deals[0]]), {}, older=5)
        plans = [plan_story_timeline(own), plan_company_timeline([own], 30), web]
        for plan in plans:
            assert plan is not None
            with use_language("en"):
                draw(plan)
    labels = [one.get_text() for one in texts()]
    assert [text for text in labels if re.search("[A-Za-z]", outside(text))] == []
    assert {"⟦In talks⟧", "⟦Denied⟧", "⟦day unknown⟧", "⟦Stage unknown⟧"} <= set(labels)


def test_the_scale_writes_dates_in_the_language(texts: Callable[[], list[Text]]) -> None:
    with use_language("ja"):
        for own in (
            story(make_development("2025-03-01"), make_development("2025-09-01")),
            story(make_development("1995-03-01"), make_development("2025-09-01")),
        ):
            plan = plan_story_timeline(own)
            assert plan is not None
            draw(plan)
    assert {"2025年7月", "2010年"} <= {one.get_text() for one in texts()}


@pytest.mark.parametrize("text", [JAPANESE, ARABIC, "Škoda", "Москва", "Ελλάδα", "삼성전자", "比亚迪"])
def test_names_of_many_scripts_have_their_letters(text: str) -> None:
    assert choose_spelling((text,)) == text


def test_missing_letters_fall_back_to_another_spelling(
    recwarn: pytest.WarningsRecorder,
) -> None:
    """A warning would tell of a box that is drawn for a letter that no font has."""
    assert choose_spelling((HINDI, "Hindi News")) == "Hindi News"
    assert choose_spelling(("Acme 👍🏽",)) == "Acme"
    assert choose_spelling((HINDI,)) == choose_spelling(()) == "–"
    drawn(HINDI, JAPANESE, ARABIC, "ok 👍🏽 🇯🇵")
    assert [str(one.message) for one in recwarn] == []
    plan = plan_story_timeline(story(make_development("2025", headline=HINDI)))
    assert plan is not None
    assert plan.notes[0].text == (HINDI, HEADLINE_ELSEWHERE)


def test_a_text_that_is_too_wide_is_cut_with_an_ellipsis() -> None:
    assert fit("short", 200, 11) == "short"
    cut = fit("a long headline " * 20, 200, 11)
    assert cut.endswith("…")
    assert measure(cut, 11) <= 200
    lines = wrap("日本語の長い見出し" * 20, 200, 11, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(measure(line, 11) <= 200 for line in lines)
    assert "e\u0301" not in fit("e\u0301" * 99, 100, 11)[-2:], "no letter is parted from its accent"


def test_texts_and_shapes_stand_out_from_their_ground() -> None:
    """For the ground is opaque, on light pages as on dark ones."""
    assert all(contrast(ink, GROUND) >= 7 for ink in (INK, DIM))
    assert contrast(DENIAL, GROUND) >= 7
    for stage, look in (*STAGES.items(), ("", NO_STAGE)):
        assert contrast(look.colour, GROUND) >= 3, stage
        assert contrast(look.colour, DARK) >= 4.5, stage
        assert contrast(look.colour, PANEL) >= 3, stage


def test_stages_of_similar_colour_differ_in_pattern() -> None:
    """By Viénot's model of the two common kinds: colours that come close have other patterns."""
    for one, other in combinations(STAGES.values(), 2):
        for kind in (PROTAN, DEUTAN):
            if math.dist(_seen_by(kind, rgb(one.colour)), _seen_by(kind, rgb(other.colour))) < ALIKE:
                assert one.hatch != other.hatch, (one, other)


def test_every_stage_has_a_look() -> None:
    assert set(STAGES) == {stage.value for stage in Stage}


def test_what_cannot_be_seen_is_left_out_of_labels() -> None:
    assert build_label("a\u202eb\x00 c\nd", "\u200b") == ("ab c d",)


#: Closer colours, of 0 to 255 a channel, may be taken for each other.
ALIKE = 60
#: Linear RGB to linear RGB as protanopes and deuteranopes see it.
PROTAN = ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1))
DEUTAN = ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1))


def _seen_by(kind: tuple[tuple[float, ...], ...], pixel: tuple[int, ...]) -> tuple[float, ...]:
    linear = [(value / 255) ** 2.2 for value in pixel]
    return tuple(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0) ** (1 / 2.2) * 255 for row in kind)
