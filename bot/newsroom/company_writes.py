"""Companies as they come in: whose name is whose, and what a party is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.errors import InputError
from bot.languages import say
from bot.model.company import Company, Party
from bot.model.text_folding import fold
from bot.newsroom.drafts import StoryDraft
from bot.store import Transaction


def check_company_names(companies: Iterable[Company], stored_companies: Mapping[str, Company]) -> None:
    """Refuse a company one of whose names is already another's, however it is spelled; they come in one by one."""
    by_name = dict(stored_companies)
    owners = {fold(name): other.name for other in stored_companies.values() for name in (other.name, *other.aliases)}
    for company in companies:
        old_company = by_name.get(company.name)
        for name in (old_company.name, *old_company.aliases) if old_company else ():
            owners.pop(fold(name), None)
        for name in (company.name, *company.aliases):
            owner = owners.setdefault(fold(name), company.name)
            if owner != company.name:
                raise InputError(
                    f"company {company.name!r}",
                    say("the name {name!r} is already that of {company!r}", name=name, company=owner),
                )
        by_name[company.name] = company


async def canonicalize_parties(tx: Transaction, draft: StoryDraft) -> StoryDraft:
    """A party that is named by an alias is the company of that alias."""
    if draft.header is None:
        return draft
    names = await tx.companies.resolve_names([party.company for party in draft.header.parties])
    canonical_names: dict[str, str] = {}
    for party in draft.header.parties:
        # Two spellings of a company that is new are one company.
        canonical_names.setdefault(fold(party.company), names.get(party.company, party.company))
    parties = [Party(canonical_names[fold(p.company)], p.role) for p in draft.header.parties]
    return replace(draft, header=replace(draft.header, parties=tuple(dict.fromkeys(parties))))


async def save_company(tx: Transaction, before: Company | None, after: Company, *, actor: str, now: datetime) -> None:
    """Write a company over what it was, with its search rows and its audit."""
    await tx.companies.save(after)
    await tx.fulltext.reindex_company(after.name)
    action = "company changed" if before else "company added"
    await tx.audit.write(now, actor, action, after.name, before, after)
