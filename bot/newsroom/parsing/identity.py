"""What an article is known by, whatever else about it changes.

The rule, first that applies:

1. its link, compared without tracking, AMP and the like (``links.link_key``), unless that is a whole site's front page;
2. the id that the feed gives it; one that is no address or URN counts only within its site;
3. its title with its publisher.

Several entries of one feed with one link and different titles are a live blog or a page of short news: the oldest keeps the link's
identity, and each other one is known by the link with its own id (or title). So when the oldest drops out of the feed, the next takes over
an identity that is known already, and nothing is news a second time.

Dates are in none of it; a title is only where nothing else is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.joiners import without_joiners
from bot.newsroom.parsing.links import host_of, is_front_page, link_key

_GLOBAL = re.compile(r"(?:urn|tag|uuid|doi|https?):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """What of an entry may identify it.

    Attributes:
        site: an address of the site that the entry comes from.
    """

    link: str
    guid: str
    title: str
    publisher: str
    site: str
    published: datetime


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
        if len({_folded(entries[place].title) for place in places}) == 1:
            continue
        # Feeds list the newest first: of two with one date the later in the feed is the older.
        oldest = min(places, key=lambda place: (entries[place].published, -place))
        for place in places:
            if _folded(entries[place].title) != _folded(entries[oldest].title):
                bases[place] = f"{basis} {_own(entries[place])}"
    return [_digest(basis) for basis in bases]


def _basis(marks: Marks) -> str:
    if marks.link and not is_front_page(marks.link):
        return f"link {link_key(marks.link)}"
    if marks.guid:
        return f"guid {_guid(marks)}"
    return f"title {_folded(marks.title)} {_folded(marks.publisher)}"


def _guid(marks: Marks) -> str:
    key = link_key(marks.guid)
    if key and not is_front_page(marks.guid):
        return key
    return marks.guid if _GLOBAL.match(marks.guid) else f"{host_of(marks.site)} {marks.guid}"


def _own(marks: Marks) -> str:
    """What tells an entry from the others of its link."""
    repeats_link = link_key(marks.guid) == link_key(marks.link) and "#" not in marks.guid
    return marks.guid if marks.guid and not repeats_link else _folded(marks.title)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", without_joiners(text)).casefold()
    return " ".join(re.findall(r"\w+", plain))


def _digest(basis: str) -> str:
    return hashlib.blake2s(basis.encode(errors="replace"), digest_size=12).hexdigest()
