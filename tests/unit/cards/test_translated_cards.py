"""Cards in another language: all that a card says by itself is said by the catalogue, and what stories say stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import discord
import pytest

from bot.cards.catchup import catch_up_card, catch_up_hint_card
from bot.cards.company import company_card
from bot.cards.desk_outcome import merge_card, unmerge_card
from bot.cards.full_story import full_story_card, page_count
from bot.cards.lists import list_card
from bot.cards.no_answer import no_answer_card
from bot.cards.picture import Picture, company_timeline_card, story_timeline_card
from bot.cards.post import post_card, sample_card
from bot.cards.simple_cards import facts_card
from bot.cards.story import story_card
from bot.cards.story_history import story_history_card
from bot.cards.story_split import split_card, split_discarded_card, split_done_card, split_undone_card
from bot.languages import use_language
from bot.library.answers import Answer, CatchUpPage, CompanyPage, ListPage, NoAnswer
from bot.model.audit import AuditEntry, StoryHistory
from bot.model.company import Company, Party
from bot.model.dates import PartialDate
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import LastSeen
from bot.model.list_query import ListQuery, ListSubject, Period, SearchWord, StoryState
from bot.model.post import Post, PostItem, PostType
from bot.model.story import (
    PUBLICATION_WITHDRAWN,
    Development,
    DevelopmentListItem,
    Source,
    Story,
    StoryListItem,
)
from bot.model.story_split import SplitParts, StorySplit
from bot.model.terms import TERM_REMOVED, FigureFilter, Term, TermName
from bot.model.vocabulary import Bound, Claim, Kind, Stage
from tests.languages.pseudo import bracketed
from tests.unit.cards.examples import HERE
from tests.unit.cards.pseudo_language import accept_translated, texts_in

NOW = datetime(2026, 11, 1, tzinfo=UTC)
#: What is no letter of the alphabet that our own words are written in is a story's: 日産, 鴻海.
NISSAN, FOXCONN = "日産", "鴻海"
PICTURE = Picture(b"", "1.png", "–")
#: Mentions, times and links that Discord puts in words itself.
_DISCORDS = re.compile(r"<[@t][^>]*>|`[^`]*`")


def told(year: int, claim: Claim = Claim.REPORTED, stage: Stage | None = None, *, retracted: str = "") -> Development:
    sources = tuple(Source(f"新聞{n}") for n in range(5))
    return Development(f"{year}", PartialDate(year), f"{NISSAN} {year}", claim, "本文", stage, sources, retracted, year)


def term(name: TermName, number: int, *, claim: Claim = Claim.REPORTED, retracted: str = "") -> Term:
    """Return a figure with a noun of its source."""
    bound, sources = list(Bound)[number % 3], (Source("新聞"),)
    term_id = 10 * list(TermName).index(name) + number
    return Term(
        f"{name}-{number}", name, Decimal(number), "個", claim, bound, PartialDate(2025), sources, retracted, term_id
    )


def story(*developments: Development, slug: str = "1-2", kind: Kind = Kind.MERGER) -> Story:
    companies = (Party(NISSAN, "買"), *(Party(f"{FOXCONN}{n:0>40}") for n in range(20)))
    return Story(slug, f"{NISSAN} {FOXCONN}", "要約", kind, companies, developments, ("3-4",), terms=TERMS)


TERMS = (
    *(term(name, number) for name in TermName for number in (1, 2)),
    term(TermName.STAKE, 3, claim=Claim.CONFIRMED),
    term(TermName.JOBS, 4, retracted=TERM_REMOVED),
)
LONG = story(
    *(told(1990 + n, stage=Stage.TALKS) for n in range(9)),
    told(2000, Claim.CONFIRMED, Stage.SIGNED, retracted="誤"),
    told(2001, Claim.DENIED),
)
BROKEN = story(
    told(2001, Claim.CONFIRMED, Stage.SIGNED), told(2002, stage=Stage.TALKS), told(2003, stage=Stage.TERMINATED)
)
EMPTY = story(slug="5-6")


SPLIT = StorySplit("1-2", parts=SplitParts(frozenset(d.id for d in LONG.developments[1:]), terms=frozenset([1])), id=1)
_TERM = {"key": "1", "name": "value", "amount": "1", "unit": "USD", "claim": "reported", "bound": "about"}
_HAPPENING = {"headline": NISSAN, "date": "2025-Q2"}
_NEWS = {"headline": NISSAN, "date": "2025", "claim": "reported", "stage": "talks", "retracted": PUBLICATION_WITHDRAWN}
_HEADER = {"headline": NISSAN, "summary": "要約", "kind": "merger", "parties": [{"company": NISSAN}], "related": []}
_MOVED = {"developments": [_NEWS] * 9}
_CHANGES: list[tuple[str, Any, Any]] = [
    ("story added", None, _HEADER),
    ("story changed", _HEADER, {**_HEADER, "headline": FOXCONN, "kind": "supply", "parties": [], "related": ["1"]}),
    ("description confirmed", {"stage": None}, {"stage": "talks"}),
    ("story joined", _HEADER, _HEADER),
    ("story parted", _HEADER, _HEADER),
    ("merge undone", _HEADER, None),
    *(
        (f"{action}: moved {way}", _MOVED, _MOVED)
        for action in ("story split", "split undone")
        for way in ("in", "out")
    ),
    ("development added", None, _NEWS),
    (
        "development corrected",
        _NEWS,
        {**_NEWS, "date": "2026", "claim": "denied", "stage": None, "text": "本", "sources": [1]},
    ),
    ("development retracted", _NEWS, _NEWS),
    ("development reinstated", _NEWS, _NEWS),
    *(
        (f"expected event {change}", _HAPPENING, {**_HAPPENING, "outcome": "happened", "date": "2026"})
        for change in "added moved corrected happened dropped reopened removed".split()
    ),
    *((f"term {change}", _TERM, {**_TERM, "amount": "2"}) for change in "added corrected retracted reinstated".split()),
]
_ACTORS = ("discord:7", "import", "seeds", "feed:7", "feed:8")
HISTORIES = [
    StoryHistory(
        LONG,
        tuple(
            AuditEntry(NOW, _ACTORS[(start + number) % 5], action, "1-2", before, after)
            for number, (action, before, after) in enumerate(_CHANGES[start : start + 8])
        ),
        1,
        3,
        {"feed:7": "新聞"},
    )
    for start in range(0, len(_CHANGES), 8)
]


def line(
    slug: str, stage: Stage | None = Stage.TALKS, kind: Kind = Kind.SUPPLY, *, disputed: bool = True
) -> StoryListItem:
    parties = tuple(f"{FOXCONN}{n}" for n in range(9))
    is_open = stage is None or stage.is_open
    return StoryListItem(slug, NISSAN, kind, stage, is_open, disputed, PartialDate(2025), parties, TERMS[: len(slug)])


LINES = (
    *(line(f"{n}", stage) for n, stage in enumerate((*Stage, None))),
    *(line(f"9{n}", None, Kind.PLANT) for n in range(30)),
)
NEWS = tuple(DevelopmentListItem(one, told(2000 + n)) for n, one in enumerate(LINES))
ANSWER = Answer(
    "?",
    LONG,
    LINES,
    corrections=(("1", "2"),),
    related_stories=tuple(line(f"8{n}") for n in range(9)),
    matched_parts=tuple("一二三四五六七八"),
    missing_parts=tuple("一二三四五六七八"),
)


def stories(
    page: int, *, subject: ListSubject = ListSubject.DEALS, lines: tuple[StoryListItem, ...] = LINES, more: bool = False
) -> ListPage:
    return ListPage(
        replace(EVERY_FILTER, subject=subject),
        page,
        3,
        77,
        lines,
        has_more=more,
        key="0123456789abcdef",
        ignored_parts=("一", "二"),
        corrections=(("1", "2"),),
    )


def news(*lines: DevelopmentListItem, total: int = 99, more: bool = False) -> ListPage:
    query = replace(EVERY_FILTER, subject=ListSubject.DEVELOPMENTS)
    return ListPage(query, 1, 3, total, news=lines, has_more=more, key="0123456789abcdef")


def post(*carried: Development, form: PostType = PostType.POST) -> Post:
    return Post(1, "1", HERE, tuple(PostItem(LONG, one) for one in carried), (), 0, False, NOW, post_type=form)


def folded(form: PostType = PostType.POST) -> Post:
    """Of two stories."""
    one = post(*LONG.valid_developments, form=form)
    return replace(one, items=(*one.items, PostItem(replace(LONG, slug="7-8"), LONG.valid_developments[0])))


def missed(*lines: DevelopmentListItem, first: bool = True, followed: bool = True) -> CatchUpPage:
    return CatchUpPage(LastSeen(NOW), 1, lines, 0, 3 if lines else 1, len(lines), first, followed)


#: Each filter once.
EVERY_FILTER = ListQuery(
    companies=(NISSAN,),
    kinds=(Kind.MERGER,),
    stages=(Stage.TALKS,),
    claims=(Claim.DENIED,),
    states=(StoryState.DISPUTED,),
    period=Period(date(2025, 8, 1), date(2025, 9, 3)),
    figures=FigureFilter(unit="USD", over=Decimal(10**9), under=Decimal(10**10)),
    words=(SearchWord("水素", ("水素*",)),),
    excluded_companies=(FOXCONN,),
)


CARDS: dict[str, Callable[[], discord.ui.LayoutView]] = {
    "a story": lambda: story_card(ANSWER, new_ids={1990, 1991}),
    "a story that few words matched": lambda: story_card(replace(ANSWER, matched_parts=("一",), missing_parts=("二",))),
    "a broken deal": lambda: story_card(Answer("?", BROKEN)),
    "a story without developments": lambda: story_card(Answer("?", EMPTY)),
    "the full story": lambda: full_story_card(LONG, 0, frozenset({2001})),
    "its last page": lambda: full_story_card(LONG, page_count(LONG) - 1),
    "a full story without developments": lambda: full_story_card(EMPTY, 0),
    "deals": lambda: list_card(stories(1)),
    "more deals than are counted": lambda: list_card(stories(1, more=True)),
    "stories": lambda: list_card(stories(1, subject=ListSubject.STORIES)),
    "more stories than are counted": lambda: list_card(stories(1, subject=ListSubject.STORIES, more=True)),
    "no deal on the page": lambda: list_card(stories(1, lines=())),
    "no story on the page": lambda: list_card(stories(1, lines=(), subject=ListSubject.STORIES)),
    "no such deal": lambda: list_card(replace(stories(1, lines=()), total=0)),
    "no such story": lambda: list_card(replace(stories(1, lines=(), subject=ListSubject.STORIES), total=0)),
    "no deal of a company": lambda: list_card(ListPage(ListQuery(ListSubject.DEALS, companies=(NISSAN,)))),
    "no story of a company": lambda: list_card(ListPage(ListQuery(ListSubject.STORIES, companies=(NISSAN,)))),
    "no development of a company": lambda: list_card(
        ListPage(ListQuery(ListSubject.DEVELOPMENTS, companies=(NISSAN,)))
    ),
    "no deals": lambda: list_card(ListPage(ListQuery(ListSubject.DEALS))),
    "no stories": lambda: list_card(ListPage(ListQuery(ListSubject.STORIES))),
    "no developments": lambda: list_card(ListPage(ListQuery(ListSubject.DEVELOPMENTS))),
    "the largest deals": lambda: list_card(ListPage(ListQuery(largest_first=True), 0, 1, 9, LINES)),
    "deals of many words": lambda: list_card(
        ListPage(
            ListQuery(words=tuple(SearchWord(str(n), ()) for n in range(20))), 0, 1, 9, LINES, key="0123456789abcdef"
        )
    ),
    "developments": lambda: list_card(news(*NEWS)),
    "more developments than are counted": lambda: list_card(news(*NEWS, more=True)),
    "no development on the page": lambda: list_card(news()),
    "no such development": lambda: list_card(news(total=0)),
    "a company": lambda: company_card(
        CompanyPage(Company(NISSAN, (f"{FOXCONN * 40}",) * 9, "", "7201"), LINES, 99, NEWS)
    ),
    "a company of many stories": lambda: company_card(CompanyPage(Company(NISSAN), LINES, 99, NEWS, has_more=True)),
    "a company without stories": lambda: company_card(CompanyPage(Company(NISSAN), (), 0, ())),
    "a post": lambda: post_card(post(BROKEN.valid_developments[0])),
    "a post of what was retracted": lambda: post_card(post(LONG.developments[-2])),
    "a story's card over its thread": lambda: post_card(replace(post(), story=LONG)),
    "a folded post": lambda: post_card(folded()),
    "a day's digest": lambda: post_card(folded(PostType.DAILY)),
    "a week's digest": lambda: post_card(post(LONG.valid_developments[0], form=PostType.WEEKLY)),
    "a sample": lambda: sample_card(LONG, [1]),
    "a sample that pings many": lambda: sample_card(LONG, [1, 2]),
    "a sample that pings nobody": lambda: sample_card(LONG, []),
    "a sample of a day": lambda: sample_card(LONG, [], DeliveryMode.DAILY),
    "a sample of a week": lambda: sample_card(LONG, [], DeliveryMode.WEEKLY),
    "what was missed": lambda: catch_up_card(missed(*NEWS[:9])),
    "nothing missed": lambda: catch_up_card(missed()),
    "nothing followed": lambda: catch_up_card(missed(followed=False)),
    "how to catch up": catch_up_hint_card,
    "stories joined": lambda: merge_card(LONG, EMPTY),
    "stories parted": lambda: unmerge_card(LONG, EMPTY),
    "a split": lambda: split_card(SPLIT, LONG, None),
    "a split into another story": lambda: split_card(replace(SPLIT, parts=SplitParts()), LONG, EMPTY, 1, "!"),
    "a story split": lambda: split_done_card(SPLIT, LONG, EMPTY, LONG.developments, is_new=True, edits=2, follows=1),
    "one development moved": lambda: split_done_card(
        SPLIT, LONG, EMPTY, LONG.developments[:1], is_new=False, edits=0, follows=0
    ),
    "a split undone": lambda: split_undone_card(LONG, EMPTY, LONG.developments, is_new=True, edits=2),
    "a split discarded": lambda: split_discarded_card(LONG),
    **{f"a history {n}": partial(story_history_card, history) for n, history in enumerate(HISTORIES)},
    "no answer": lambda: no_answer_card(NoAnswer(NISSAN)),
    "no question": lambda: no_answer_card(NoAnswer(" ")),
    "no facts": lambda: facts_card([]),
    "facts": lambda: facts_card([(NISSAN, "8" * 500)] * 20),
    "a timeline": lambda: story_timeline_card(LONG, PICTURE),
    "a company's timeline": lambda: company_timeline_card(NISSAN, [LONG], 3, PICTURE),
}


@pytest.mark.parametrize("name", CARDS)
def test_all_that_a_card_says_by_itself_is_said_in_the_language(name: str) -> None:
    """No word of ours is left outside of what the catalogue says."""
    with bracketed():
        card = CARDS[name]()
    accept_translated(card, _DISCORDS)


def test_a_full_story_is_kept_for_each_language() -> None:
    """Who opens one after somebody else is not answered in the other's language."""
    english = texts_in(full_story_card(LONG, 0))
    with bracketed():
        assert texts_in(full_story_card(LONG, 0)) != english
    assert texts_in(full_story_card(LONG, 0)) == english


def test_a_date_is_the_languages() -> None:
    """Also where the sentence around it is translated by nobody yet."""
    with use_language("ja"):
        assert "2001年" in "\n".join(texts_in(story_card(Answer("?", LONG))))
