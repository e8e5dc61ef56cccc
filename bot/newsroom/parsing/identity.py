"""The id of an article, which stays the same whatever else about it changes.

The rule, the first that applies:

1. its link, compared without tracking, AMP and the like (``urls.build_link_key``), unless that is a whole site's front
   page or the page that the feed itself belongs to;
2. the id that the feed gives it, unless that is such a page; one that is no address or URN counts only within its site;
3. its title with its publisher.

Several entries of one feed may have this in common: a live blog, a page of short news or a daily column. They are
different articles if their titles differ, or their ids, dates and texts all do. The oldest keeps the common identity, and
each other one has it together with its own id (or title). So if the oldest drops out of the feed, the next takes over an
identity that is known already, and nothing is news a second time.

A change of this rule, or of its input, must not make known articles news again: ``former_ids.py`` has the ids of the
version before.

Dates are no part of it; a title is only if there is nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.article import normalize_title
from bot.newsroom.parsing.urls import build_link_key, get_host, is_front_page

_GLOBAL_ID = re.compile(r"(?:urn|tag|uuid|doi|https?):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IdentityFields:
    """The fields of an entry that may identify it.

    Attributes:
        site: an address of the site that the entry comes from: the page that the feed belongs to, or else the feed's
            own.
    """

    link: str
    guid: str
    title: str
    publisher: str
    site: str
    published: datetime
    text: str = ""


def build_article_id(entry: IdentityFields) -> str:
    """Return the id of an article that shares its link with no other."""
    return _digest(_build_basis(entry))


def build_article_ids(entries: Sequence[IdentityFields]) -> list[str]:
    """Return the ids of a feed's entries, in its order. Entries with the same id are the same article."""
    bases = [_build_basis(entry) for entry in entries]
    positions_by_basis: defaultdict[str, list[int]] = defaultdict(list)
    for position, basis in enumerate(bases):
        positions_by_basis[basis].append(position)
    for basis, positions in positions_by_basis.items():
        # Feeds list the newest first, so of two with one date the later in the feed is the older.
        oldest = min(positions, key=lambda place: (entries[place].published, -place))
        for position in positions:
            if _is_other_article(entries[position], entries[oldest]):
                bases[position] = f"{basis} {_get_distinguishing_key(entries[position], entries[oldest])}"
    return [_digest(basis) for basis in bases]


def _build_basis(entry: IdentityFields) -> str:
    if entry.link and not _is_shared(entry.link, entry.site):
        return f"link {build_link_key(entry.link)}"
    if entry.guid and not _is_shared(entry.guid, entry.site):
        return f"guid {_build_guid(entry)}"
    return f"title {normalize_title(entry.title)} {normalize_title(entry.publisher)}"


def _is_shared(link: str, site: str) -> bool:
    """Return whether many articles have this address, so that it identifies none."""
    return is_front_page(link) or (bool(build_link_key(link)) and build_link_key(link) == build_link_key(site))


def _is_other_article(entry: IdentityFields, oldest: IdentityFields) -> bool:
    """Return whether two entries with one basis are two articles."""
    if normalize_title(entry.title) != normalize_title(oldest.title):
        return True
    own_guids = bool(oldest.guid) and _has_own_guid(entry, oldest)
    return own_guids and entry.published != oldest.published and entry.text != oldest.text


def _build_guid(entry: IdentityFields) -> str:
    key = build_link_key(entry.guid)
    if key:
        return key
    return entry.guid if _GLOBAL_ID.match(entry.guid) else f"{get_host(entry.site)} {entry.guid}"


def _get_distinguishing_key(entry: IdentityFields, oldest: IdentityFields) -> str:
    """Return what distinguishes an entry from the oldest with the same basis."""
    return entry.guid if _has_own_guid(entry, oldest) else normalize_title(entry.title)


def _has_own_guid(entry: IdentityFields, oldest: IdentityFields) -> bool:
    repeats_link = (
        bool(entry.link) and build_link_key(entry.guid) == build_link_key(entry.link) and "#" not in entry.guid
    )
    return (
        bool(entry.guid) and entry.guid != oldest.guid and not repeats_link and not _is_shared(entry.guid, entry.site)
    )


def _digest(basis: str) -> str:
    return hashlib.blake2s(basis.encode(errors="replace"), digest_size=12).hexdigest()
