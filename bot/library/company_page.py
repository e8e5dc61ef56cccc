"""The page of a company: its newest stories and developments, and the stories that mention it."""

from __future__ import annotations

from bot.entities.company_index import CompanyIndex
from bot.library.answers import CompanyPage, NoAnswer
from bot.library.no_answers import suggest_companies
from bot.library.story_search import StorySearch
from bot.model.text_folding import fold
from bot.store import COUNT_LIMIT, Transaction

#: How many of the stories that mention a company its page lists.
_MAX_MENTIONS = 5
#: From so many companies on that have a word in their names, none of them is meant by it.
_MAX_NAMESAKES = 20


async def load_company_page(
    tx: Transaction, company_index: CompanyIndex, search: StorySearch, query: str
) -> CompanyPage | NoAnswer:
    """Return the company that a text names with its stories, or suggestions."""
    companies = await search.find_companies(query)
    companies = companies or await _find_companies_by_word(tx, company_index, query)
    if not companies:
        return NoAnswer(query, suggest_companies(company_index.find_similar(query, 5)))
    company = next(iter(await tx.companies.get_many(companies[:1])), None)
    if company is None:
        # The company was renamed after the index was refreshed.
        return NoAnswer(query)
    stories, total = await tx.listing.list_stories(company=company.name, limit=25)
    news, _ = await tx.listing.list_developments(company=company.name, limit=5)
    mentions, mention_total = await tx.listing.list_mentioning(company.name, limit=_MAX_MENTIONS)
    return CompanyPage(
        company,
        stories,
        min(total, COUNT_LIMIT),
        news,
        total > COUNT_LIMIT,
        mentions,
        min(mention_total, COUNT_LIMIT),
    )


async def _find_companies_by_word(tx: Transaction, company_index: CompanyIndex, query: str) -> tuple[str, ...]:
    """Return the only company with these words in its name: ``volvo`` is Volvo Cars, as long as no other Volvo is known."""
    companies = await tx.companies.get_many(company_index.find_by_prefix(query, _MAX_NAMESAKES))
    words = f" {fold(query)} "
    matches = [company.name for company in companies if words in f" {fold(company.name)} "]
    return tuple(matches) if len(matches) == 1 and len(companies) < _MAX_NAMESAKES else ()
