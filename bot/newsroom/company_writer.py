"""The writes of companies in one transaction: with their search rows, the mentions of them, and the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.errors import InputError
from bot.languages import say
from bot.model.audit import AuditEntry
from bot.model.company import Company, Party
from bot.model.text_folding import fold
from bot.newsroom.drafts import StoryDraft
from bot.newsroom.mentions import MentionIndexer
from bot.store import Transaction

#: So many stories that name a changed company get their mentions at once; the others wait for :meth:`Desk.index_mentions`.
_MAX_INDEXED_AT_ONCE = 20


class CompanyWriter:
    """Writes companies within one transaction, in the name of one actor."""

    def __init__(self, tx: Transaction, actor: str, clock: Clock, mentions: MentionIndexer) -> None:
        self._tx = tx
        self._actor = actor
        self._clock = clock
        self._mentions = mentions

    async def save(self, companies: Iterable[Company], stored_companies: Mapping[str, Company]) -> None:
        """Write companies over those of the same name, each with its search rows and its audit entry.

        The caller must advance the store's revision.
        """
        by_name = dict(stored_companies)
        new_companies: list[Company] = []
        changes: list[tuple[Company, Company]] = []
        for company in companies:
            before = by_name.get(company.name)
            by_name[company.name] = company
            if before is None:
                new_companies.append(company)
            else:
                changes.append((before, company))
        if not new_companies and not changes:
            return
        await self._tx.companies.add(new_companies)
        for _, company in changes:
            await self._tx.companies.save(company)
            await self._tx.fulltext.reindex_company(company.name)
        now = self._clock()
        await self._tx.audit.write_all(
            [AuditEntry(now, self._actor, "company added", company.name, None, company) for company in new_companies]
            + [AuditEntry(now, self._actor, "company changed", new.name, old, new) for old, new in changes]
        )
        await self._mentions.queue_affected(self._tx, [*((None, company) for company in new_companies), *changes])
        await self._mentions.index_queued(self._tx, _MAX_INDEXED_AT_ONCE)

    async def remove_unused(self, name: str) -> bool:
        """Remove a company that no story has as a party and that nobody follows; return whether it is removed."""
        companies = await self._tx.companies.get_many([name])
        if not companies or not await self._tx.companies.remove_unused(name):
            return False
        await self._tx.audit.write(self._clock(), self._actor, "company removed", name, companies[0], None)
        await self._tx.metadata.advance_revision()
        return True

    async def save_new(self, names: Sequence[str]) -> None:
        """Write a company for each of these names that no company has as its main name."""
        company_ids = await self._tx.companies.get_ids(names)
        await self.save([Company(name) for name in dict.fromkeys(names) if name not in company_ids], {})


async def find_changed_companies(
    tx: Transaction, companies: Iterable[Company]
) -> tuple[list[Company], dict[str, Company]]:
    """Return those of these companies that are new or different, and the stored ones that share a name with any."""
    new_companies = list(companies)
    by_name = {company.name: company for company in await tx.companies.find_sharing_names(new_companies)}
    changed_companies = [company for company in new_companies if by_name.get(company.name) != company]
    check_company_names(changed_companies, by_name)
    return changed_companies, by_name


def check_company_names(companies: Iterable[Company], stored_companies: Mapping[str, Company]) -> None:
    """Refuse a company with a name that another one has, however it is spelled. The companies are added one by one."""
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
                    say("the name {name!r} already belongs to {company!r}", name=name, company=owner),
                )
        by_name[company.name] = company


async def canonicalize_parties(tx: Transaction, draft: StoryDraft) -> StoryDraft:
    """Return the draft with each party under its company's main name, if it was named by an alias."""
    if draft.header is None:
        return draft
    names = await tx.companies.resolve_names([party.company for party in draft.header.parties])
    canonical_names: dict[str, str] = {}
    for party in draft.header.parties:
        # Two spellings of a new company are one company.
        canonical_names.setdefault(fold(party.company), names.get(party.company, party.company))
    parties = [Party(canonical_names[fold(p.company)], p.role) for p in draft.header.parties]
    return replace(draft, header=replace(draft.header, parties=tuple(dict.fromkeys(parties))))
