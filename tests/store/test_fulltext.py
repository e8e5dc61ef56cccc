"""Both full-text indexes find the same stories, whatever their texts and the question are."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model.company import Company, Party
from bot.model.dates import PartialDate
from bot.model.story import Development, Source, Story
from bot.model.text_folding import fold_words
from bot.model.vocabulary import Claim, Kind
from bot.store import Store, Transaction, open_store
from tests.engines import PostgresTestDatabase, SqliteDatabase
from tests.store.material import START

#: Words that the engines could take apart, fold or shorten in their own ways.
WORDS = (
    "hydrogen", "hydro", "Hydrogène", "HYDROGEN", "e", "tech", "E-Tech", "e_tech", "O'Neill", "l’usine", "Straße", "STRASSE",
    "Ørsted", "orsted", "Æther", "Łódź", "lodz", "Đuro", "İstanbul", "ıstanbul", "Kelvin\u212a", "ſtart", "naïve", "nai\u0308ve", "Việt",
    "ΟΔΟΣ", "οδός", "ὁδός", "Μέλι", "Завод", "завод", "йод", "Їжак", "ё", "日産", "日産自動車", "ソニー", "ｿﾆｰ", "ＮＴＴデータ", "ﾃﾞｰﾀ", "삼성전자", "삼성",
    "5G", "3.5", "2026-01", "١٢٣", "½", "x²", "C++", "A&B", "AT&T", "a'b", "a_b", "__", "--", "…", "'", '"', "\\", "\\'", ":*", "&",
    "!", "(", "<->", "NOT", "AND", "OR", "NEAR", "*", "word*", "ǿ", "ﬁne", "µm", "ŉ", "क्षत्रिय", "ไทย", "\u200bzero", "a\u0301", "\u0327c", "😀",
)  # fmt: skip


def _is_old(character: str) -> bool:
    """Return whether Unicode has long had the character as it is: SQLite's index knows Unicode 6.1."""
    former = unicodedata.ucd_3_2_0.category(character)
    return former == unicodedata.category(character) and former not in ("Cs", "Cc", "Cn")


characters = st.characters(exclude_categories=["Cs", "Cc", "Cn"]).filter(_is_old)
words = st.sampled_from(WORDS) | st.text(characters, min_size=1, max_size=6)
texts = st.lists(words, min_size=1, max_size=8).map(" ".join)
stories = st.lists(st.tuples(texts, texts, st.sampled_from(WORDS)), min_size=1, max_size=3)
#: Questions are folded before they are looked up; a prefix has a star behind it.
patterns = st.builds(
    lambda text, star: " ".join(fold_words(text)) + star, texts | words, st.sampled_from(["", "*"])
).filter(lambda pattern: pattern not in ("", "*"))
groups = st.lists(st.lists(patterns, min_size=1, max_size=3), min_size=1, max_size=2)


class _Undone(Exception):
    """Ends an example, so that nothing of it is stored."""


@pytest.fixture
async def pair(
    shared_database: PostgresTestDatabase, needs_postgres: None, tmp_path: Path, empty: bytes
) -> AsyncIterator[tuple[Store, Store]]:
    """Return an empty store on each engine."""
    file = tmp_path / "dealwire.db"
    file.write_bytes(empty)
    shared_database.empty()
    async with open_store(SqliteDatabase(file).url) as on_sqlite, open_store(shared_database.url) as on_postgres:
        yield on_sqlite, on_postgres


async def _put(tx: Transaction, drafts: Sequence[tuple[str, str, str]]) -> dict[int, str]:
    """Store a story of each headline, text and company; return their slugs by their ids."""
    for number, (headline, text, company) in enumerate(drafts):
        name = f"{company} {number}"
        await tx.companies.save(Company(name))
        development = Development(
            "first", PartialDate(2025, 8), headline, Claim.REPORTED, text=text, sources=(Source("The Paper"),)
        )
        story = Story(f"story-{number}", headline, "", Kind.OTHER, (Party(name),), (development,))
        await tx.stories.save(None, story, START)
    ids = await tx.stories.get_ids([f"story-{number}" for number in range(len(drafts))])
    return {story_id: slug for slug, story_id in ids.items()}


async def _find_all(
    store: Store, drafts: Sequence[tuple[str, str, str]], questions: Sequence[Sequence[Sequence[str]]]
) -> list[object]:
    """Return what each question finds among these stories: by groups of patterns, by words, and by the names of a party."""
    found: list[object] = []
    with contextlib.suppress(_Undone):
        async with store.write() as tx:
            slugs = await _put(tx, drafts)
            for question in questions:
                ids = await tx.fulltext.find_ids(question)
                found.append((question, sorted(slugs[each] for each in ids)))
                ids = await tx.fulltext.find_ids(question, parties=question[0], among_ids=list(slugs))
                found.append((question, "parties", sorted(slugs[each] for each in ids)))
                asked = [pattern.removesuffix("*") for pattern in question[0]]
                found.append((question, "words", sorted(await tx.fulltext.find_slugs(asked))))
            raise _Undone
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=stories, questions=st.lists(groups, min_size=1, max_size=6))
async def test_both_engines_find_the_same_stories(
    pair: tuple[Store, Store], drafts: list[tuple[str, str, str]], questions: list[list[list[str]]]
) -> None:
    # Also asked is for what the stories themselves say, or chance would seldom find any.
    own = [[[" ".join(fold_words(part)) or "x"]] for draft in drafts for part in draft]
    first, second = [await _find_all(store, drafts, [*own, *questions]) for store in pair]
    assert first == second


async def test_words_and_stories_beyond_the_limits_of_a_tsvector_are_found(pair: tuple[Store, Store]) -> None:
    """Words of more than 2,000 bytes, more than 16,383 words, one word 300 times, and more than a megabyte of words."""
    long_word = "日" * 700 + "x"
    many = " ".join(f"w{number}" for number in range(40_000))
    drafts = [
        ("Long", f"before {long_word} after", "Alpha"),
        ("Many", f"{many} the last words", "Beta"),
        ("Often", "again and " * 300 + "never", "Gamma"),
        ("Large", " ".join(f"{number:020}" for number in range(60_000)), "Delta"),
    ]
    questions = [
        [[long_word]], [[f"{long_word[:300]}*"]], [[f"before {long_word} after"]], [["w39999"]], [["w20000 w20001"]],
        [["w16300 w16301", "nothing"], ["last words"]], [["w1638*"]], [["w39999 the last"]], [["again and again"]],
        [["large"]], [[f"{1:020} {2:020}"]], [["delta 3"]],
        *([[f"w{number} w{number + 1}"]] for number in range(16_300, 16_400)),
    ]  # fmt: skip
    first, second = [await _find_all(store, drafts, questions) for store in pair]
    assert first == second
