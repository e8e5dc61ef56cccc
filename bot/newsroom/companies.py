"""Companies as they come in: whose name is whose, and what a party is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.errors import InputError
from bot.languages import say
from bot.model.company import Company, Party
from bot.names.fold import fold
from bot.newsroom.drafts import StoryDraft
from bot.store import Session


def check_names(companies: Iterable[Company], known: Mapping[str, Company]) -> None:
    """Refuse a company one of whose names is already another's, however it is spelled; they come in one by one."""
    others = dict(known)
    taken = {fold(name): other.name for other in known.values() for name in (other.name, *other.aliases)}
    for company in companies:
        before = others.get(company.name)
        for name in (before.name, *before.aliases) if before else ():
            taken.pop(fold(name), None)
        for name in (company.name, *company.aliases):
            owner = taken.setdefault(fold(name), company.name)
            if owner != company.name:
                raise InputError(
                    f"company {company.name!r}",
                    say("the name {name!r} is already that of {company!r}", name=name, company=owner),
                )
        others[company.name] = company


async def with_known_names(session: Session, draft: StoryDraft) -> StoryDraft:
    """A party that is named by an alias is the company of that alias."""
    if draft.face is None:
        return draft
    known = await session.companies.named([party.company for party in draft.face.parties])
    spelled: dict[str, str] = {}
    for party in draft.face.parties:
        # Two spellings of a company that is new are one company.
        spelled.setdefault(fold(party.company), known.get(party.company, party.company))
    parties = [Party(spelled[fold(p.company)], p.role) for p in draft.face.parties]
    return replace(draft, face=replace(draft.face, parties=tuple(dict.fromkeys(parties))))


async def put_company(session: Session, before: Company | None, after: Company, *, actor: str, now: datetime) -> None:
    """Write a company over what it was, with its search rows and its audit."""
    await session.companies.save(after)
    await session.search.rename(after.name)
    action = "company changed" if before else "company added"
    await session.audit.write(now, actor, action, after.name, before, after)
