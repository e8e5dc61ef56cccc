"""The ``extract`` command: print the data that is in each article of a file, as the desk would get it as a suggestion."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.entities.company_matcher import CompanyMatcher
from bot.model.article import Article
from bot.model.figures import format_amount
from bot.model.proposals import ExpectedProposal, TermProposal
from bot.model.tracking import TextSpan
from bot.newsroom.article_lines import read_articles
from bot.newsroom.claim_extraction import extract_stage_and_claim
from bot.newsroom.expected_event_extraction import extract_expected_events
from bot.newsroom.term_extraction import extract_terms
from bot.settings import Settings
from bot.store import open_store
from bot.terminal.article_commands import BadLines, write_lines
from bot.terminal.progress import erase_bar, show_progress


async def extract_command(settings: Settings, path: Path, out: Path | None) -> int:
    """Write a line of JSON for each article of a file, in its order, with the companies of the store that it names.

    A bad line is named on stderr and skipped; in the end DealwireError says how many there were. Raises StoreMissing if
    there is no store.
    """
    async with open_store(settings.database_url, create=False) as store, store.read() as tx:
        companies = await tx.companies.list_all()
    return await asyncio.to_thread(_extract, path, out, CompanyMatcher(companies))


def _extract(path: Path, out: Path | None, company_matcher: CompanyMatcher) -> int:
    bad_lines = BadLines()
    with show_progress("Reading") as progress:

        def generate_lines() -> Iterator[str]:
            for number, (_, article) in enumerate(read_articles(path, bad_lines.report), start=1):
                if out is None:
                    erase_bar()
                yield json.dumps(_extract_data(article, company_matcher), ensure_ascii=False) + "\n"
                progress(number, None)

        write_lines(generate_lines(), out)
    bad_lines.raise_if_any()
    return 0


def _extract_data(article: Article, company_matcher: CompanyMatcher) -> dict[str, Any]:
    statement = extract_stage_and_claim(article.title, article.text)
    mentions = company_matcher.find_mentions(f"{article.title}\n{article.text}")
    content = (article.title, article.text, article.published_at.date())
    return {
        "id": article.id,
        "companies": list(dict.fromkeys(mention.company for mention in mentions)),
        "stage": statement.stage.value if statement.stage else None,
        "claim": statement.claim.value,
        "terms": [_format_term(term) for term in extract_terms(*content)],
        "expected": [_format_event(event) for event in extract_expected_events(*content)],
    }


def _format_term(term: TermProposal) -> dict[str, Any]:
    return {
        "kind": term.name.value,
        "value": format_amount(term.amount),
        "unit": term.unit,
        "bound": term.bound.value if term.bound else None,
        **_format_span(term.words),
    }


def _format_event(event: ExpectedProposal) -> dict[str, Any]:
    return {"kind": event.kind.value, "value": str(event.date), **_format_span(event.words)}


def _format_span(span: TextSpan) -> dict[str, Any]:
    return {"words": span.words, "part": span.part, "start": span.start, "end": span.end}
