"""What an article is known by, whatever else about it changes.

The rule, first that applies:

1. its link, compared without tracking, AMP and the like (``links.link_key``), unless that is a whole site's front page or the page that the
   feed itself belongs to;
2. the id that the feed gives it, unless that is such a page; one that is no address or URN counts only within its site;
3. its title with its publisher.

Several entries of one feed that have this in common are a live blog, a page of short news or a daily column if their titles differ, or their
ids, dates and texts all do. The oldest keeps the common identity, and each other one is known by it and its own id (or title). So when the
oldest drops out of the feed, the next takes over an identity that is known already, and nothing is news a second time.

A change of this rule, or of what it is given, must not make known articles news again: ``former.py`` has the ids of the version before.

Dates are in none of it; a title is only where nothing else is.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.article import folded_title
from bot.newsroom.parsing.links import host_of, is_front_page, link_key

_GLOBAL = re.compile(r"(?:urn|tag|uuid|doi|https?):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """What of an entry may identify it.

    Attributes:
        site: an address of the site that the entry comes from: the page that the feed belongs to, or else the feed's own.
    """

    link: str
    guid: str
    title: str
    publisher: str
    site: str
    published: datetime
    text: str = ""


def article_id(marks: Marks) -> str:
    """The id of an article that shares its link with no other."""
    return _digest(_basis(marks))


def article_ids(entries: Sequence[Marks]) -> list[str]:
    """The ids of a feed's entries, in its order. The same id twice: the same article twice."""
    bases = [_basis(marks) for marks in entries]
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for place, basis in enumerate(bases):
        sharing[basis].append(place)
    for basis, places in sharing.items():
        # Feeds list the newest first: of two with one date the later in the feed is the older.
        oldest = min(places, key=lambda place: (entries[place].published, -place))
        for place in places:
            if _differs(entries[place], entries[oldest]):
                bases[place] = f"{basis} {_own(entries[place], entries[oldest])}"
    return [_digest(basis) for basis in bases]


def _basis(marks: Marks) -> str:
    if marks.link and not _is_shared(marks.link, marks.site):
        return f"link {link_key(marks.link)}"
    if marks.guid and not _is_shared(marks.guid, marks.site):
        return f"guid {_guid(marks)}"
    return f"title {folded_title(marks.title)} {folded_title(marks.publisher)}"


def _is_shared(link: str, site: str) -> bool:
    """Whether the address is that of many articles, and so tells none from another."""
    return is_front_page(link) or (bool(link_key(link)) and link_key(link) == link_key(site))


def _differs(one: Marks, oldest: Marks) -> bool:
    """Whether two entries of one identity are two articles."""
    if folded_title(one.title) != folded_title(oldest.title):
        return True
    own_guids = bool(oldest.guid) and _has_own_guid(one, oldest)
    return own_guids and one.published != oldest.published and one.text != oldest.text


def _guid(marks: Marks) -> str:
    key = link_key(marks.guid)
    if key:
        return key
    return marks.guid if _GLOBAL.match(marks.guid) else f"{host_of(marks.site)} {marks.guid}"


def _own(marks: Marks, oldest: Marks) -> str:
    """What tells an entry from the oldest of its identity."""
    return marks.guid if _has_own_guid(marks, oldest) else folded_title(marks.title)


def _has_own_guid(marks: Marks, oldest: Marks) -> bool:
    repeats_link = bool(marks.link) and link_key(marks.guid) == link_key(marks.link) and "#" not in marks.guid
    return (
        bool(marks.guid) and marks.guid != oldest.guid and not repeats_link and not _is_shared(marks.guid, marks.site)
    )


def _digest(basis: str) -> str:
    return hashlib.blake2s(basis.encode(errors="replace"), digest_size=12).hexdigest()
