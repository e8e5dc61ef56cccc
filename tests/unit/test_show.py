"""``show``: the answer to ``!deal`` as plain text, as wide as a terminal."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.__main__ import main
from bot.container import Container
from bot.library.answers import Answer, NoAnswer, QuerySuggestion, SuggestionKind
from bot.library.direct_answers import find_direct_answer
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import Development, Source, Story, StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage
from bot.query.lexicon import QuestionKind
from bot.settings import SETTINGS
from bot.terminal.show import encode_answer, format_answer, format_no_answer
from tests.unit.newsdesk import MERGER, OPPAMA, get_answer
from tests.unit.strategies import stories

URL = "https://example.com/news/" + "a-very-long-address-" * 8
TALKS = Development(
    "talks",
    PartialDate(2025, 8),
    "Acme in talks",
    Claim.REPORTED,
    text="First line.\nSecond line.",
    stage=Stage.TALKS,
    sources=(Source("Wire", "Acme talks", URL, PartialDate(2025, 8, 16)), Source("Post")),
)
WRONG = Development(
    "wrong", PartialDate(2025), "Acme signs", Claim.CONFIRMED, stage=Stage.SIGNED, retraction_reason="Misread."
)
LINE = StoryListItem("other-story", "Another", Kind.STAKE, Stage.RUMOURED, True, True, PartialDate(2025, 2))
ACME = Story("acme", "Acme and Roadworks", "About Acme.", Kind.MERGER, (Party("Acme", "buyer"),), (TALKS, WRONG))

WHOLE = f"""\
Acme and Roadworks
Merger · In talks [acme]
('acmee' read as 'acme')

About Acme.

Parties: Acme (buyer)

Timeline, newest first:
  August 2025 · Reported → In talks: Acme in talks
    First line.
    Second line.
    Source: Wire, “Acme talks”,
      {URL},
      16 Aug 2025; Post
  2025 · Confirmed → Signed: Acme signs
    RETRACTED: Misread.
    Source: none given

As of August 2025

Other matches:
  - Another (Rumoured, disputed, as of February 2025) [other-story]

Related:
  - Another (Rumoured, disputed, as of February 2025) [other-story]"""


def test_an_answer_is_the_whole_story_and_where_else_to_look() -> None:
    """Dates as precise as they are, sources with their links in one piece, what was retracted marked as that."""
    answer = Answer("acmee", ACME, (LINE,), ("Acme",), (("acmee", "acme"),), (LINE,))
    assert format_answer(answer) == WHOLE


async def test_a_disputed_story_shows_both_sides_with_their_source(container: Container) -> None:
    text = format_answer(await get_answer(container, "oppama"))
    head, _, rest = text.partition("DISPUTED: sources contradict each other.\n")
    sides = rest.partition("\nParties:")[0]
    assert head.startswith(
        "Nissan and Foxconn: EV production at Oppama\nContract manufacturing · In talks [nissan-foxconn-oppama]\n"
    )
    assert "  Reported, August 2025: Nissan and Foxconn reported" in sides
    assert "  Denied, August 2025: Foxconn reported not to be in concrete negotiations" in sides
    assert sides.count("[Autovista24") == 2


async def test_the_other_matches_are_named_by_what_can_be_asked_next(container: Container) -> None:
    text = format_answer(await get_answer(container, "nissan"))
    others = " ".join(text.partition("Other matches:")[2].split())
    assert f"(Terminated, as of August 2025) [{MERGER}]" in others
    assert others.count("[") == 3
    assert "Related:" not in text


async def test_a_story_that_is_no_deal_has_no_stage(container: Container) -> None:
    assert format_answer(await get_answer(container, "kia")).splitlines()[1] == "Event [kia-ev-day-2025]"


def test_a_bare_story_is_its_headline_and_summary() -> None:
    """It has no developments and no parties."""
    bare = Story("bare", "A headline", "A summary.", Kind.STAKE)
    assert format_answer(Answer("bare", bare)) == "A headline\nStake [bare]\n\nA summary."


@settings(max_examples=60, deadline=None)
@given(stories)
def test_every_headline_and_source_fits_the_terminals_width(story: Story) -> None:
    text = format_answer(Answer("q", story))
    assert all(len(line) <= 100 for line in text.split("\n") if " " in line.strip())
    seen = "".join(text.split())
    for development in story.developments:
        assert "".join(development.headline.split()) in seen
        assert development.date.display.replace(" ", "") in seen
        for source in development.sources:
            assert "".join(source.publisher.split()) in seen
            assert source.url in text


def test_without_a_match_there_are_suggestions() -> None:
    near = (
        QuerySuggestion(SuggestionKind.COMPANY, "Nissan", "Nissan"),
        QuerySuggestion(SuggestionKind.STORY, "a-story", "A headline"),
    )
    assert format_no_answer(NoAnswer("nisn", near)) == "No story matches “nisn”. Did you mean: Nissan; A headline?"
    assert format_no_answer(NoAnswer("qqqq")) == "No story matches “qqqq”."


@pytest.fixture
def command(planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """``dealwire show`` on a store of its own, with nothing set in the environment."""
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return ["show", "--database", f"sqlite:///{shutil.copy(planted, tmp_path / 'show.db')}"]


def test_the_command_answers_and_is_done(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The words of the question need no quotes."""
    assert main([*command, "hon", "hai"]) == 0
    output = capsys.readouterr()
    assert output.out.startswith("Nissan and Foxconn: EV production at Oppama\n")
    assert output.out.count(f"[{OPPAMA}]") == 1
    assert output.err == ""


@pytest.mark.parametrize("query", ["help", "what can you do?", "?"])
def test_a_request_for_help_finds_no_story(command: list[str], capsys: pytest.CaptureFixture[str], query: str) -> None:
    """A story has the word *help* in its summary."""
    assert main([*command, query]) == 1
    assert capsys.readouterr() == ("", "dealwire: For help, run `dealwire show --help`.\n")


@pytest.mark.parametrize("query", ["qqqqqq", "\udcff"])
def test_show_fails_with_one_sentence_without_a_match(
    command: list[str], capfd: pytest.CaptureFixture[str], query: str
) -> None:
    """Bytes that are no text, as a terminal passes them on, are no reason for a traceback."""
    assert main([*command, query]) == 1
    output = capfd.readouterr()
    assert output.out == ""
    assert output.err.startswith("dealwire: No story matches “")
    assert output.err.count("\n") == 1


def test_the_command_without_a_question_is_wrong_usage(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert "QUERY" in capsys.readouterr().err


def test_the_answer_as_json(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--json", "nisan", "foxconn", "zzyzx"]) == 0
    output = capsys.readouterr()
    answer = json.loads(output.out)
    assert set(answer) == {"kind", "slugs", "direct", "unmatched", "corrected"}
    assert (answer["kind"], answer["slugs"][0]) == ("story", OPPAMA)
    assert (answer["unmatched"], answer["corrected"]) == (["zzyzx"], {"nisan": "nissan"})
    assert output.err == ""


def test_a_direct_answer_comes_first_and_in_json() -> None:
    direct = find_direct_answer(QuestionKind.STILL_ON, ACME)
    answer = Answer("is it still on", ACME, direct=direct)
    line = f"Merger: no source here says that it is off. Stage: In talks | (Reported, August 2025) [Wire, “Acme talks”, {URL}, 16 Aug 2025; Post]"
    assert json.loads(encode_answer(answer))["direct"] == line
    assert " ".join(format_answer(answer).split()).startswith(line)


def test_no_answer_as_json_is_a_failure_too(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--json", "qqqqqq"]) == 1
    output = capsys.readouterr()
    assert json.loads(output.out) == {"kind": "none", "slugs": [], "direct": None, "unmatched": [], "corrected": {}}
    assert output.err == "dealwire: No story matches “qqqqqq”.\n"


def test_an_excluded_word_is_no_option(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "nissan", "-honda", "--json"]) == 0
    assert MERGER not in json.loads(capsys.readouterr().out)["slugs"]


def test_show_loads_nothing_that_it_does_not_use() -> None:
    """Importing takes most of the time of ``show``."""
    needless = [
        "aiohttp",
        "aiosqlite",
        "alembic",
        "babel.messages",
        "discord",
        "lxml",
        "matplotlib",
        "numpy",
        "sqlalchemy.orm",
    ]
    code = f"import sys, bot.terminal.show; print([name for name in {needless} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "show nissan foxconn" in capsys.readouterr().out


def test_feeds_alone_shows_its_commands(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds"]) == 0
    assert "dealwire feeds add https://" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "meant"), [(["shwo"], "show"), (["feeds", "lst"], "list"), (["qqqqqq"], "")])
def test_a_mistyped_command_is_suggested(words: list[str], meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert ("did you mean" in capsys.readouterr().err) == bool(meant)


@pytest.mark.parametrize("name", ["demo", "import", "export", "show", "feeds", "track", "check"])
def test_each_command_has_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"examples:\n  dealwire {name}" in capsys.readouterr().out
