"""The ids that articles had in stores of the first version, so that none of them is news again.

Its rule left names of trackers out of every address, also of those that mean an article by them, and knew no routes behind “#”. The rule is
kept here as it was and must not change. It is used only for rows that are marked as the first version's (``article.key_rule``).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.newsroom.parsing.identity import Marks
from bot.newsroom.parsing.links import key_without

_GLOBAL = re.compile(r"(?:urn|tag|uuid|doi|https?):", re.IGNORECASE)
_TRACKERS = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|mc|vero|oly|itm|ga|_hs|__hs|at|wt|stm|pf_rd|cmpid|iesrc|ns)_.*"
    r"|(?:fb|g|gb|wb|dc|ms|tw|yc|li_fat_|tt|ys|igsh|gclsrc|scc|rdt_|epi)?clid|gbraid|wbraid|gclsrc|gad_source|gad_campaignid|li_fat_id|igshid|igsh"
    r"|yclid|ysclid|twclid|ttclid|msclkid|dclid|_openstat|xtor|cmpid|cmp|ncid|s_cid|icid|mkt_tok|mkwid|trk|trkcampaign|trackingid|spm|scm|smid|smtyp"
    r"|guccounter|guce_referrer|guce_referrer_sig|ref_src|ref_url|referrer|referer|feature|sr_share|sh|soc_src|soc_trk|ito|dicbo|cvid|ocid|maca|rss|rssid"
    r"|fb_action_ids|fb_action_types|fb_source|fb_ref|action_object_map|action_type_map|action_ref_map|partner|partnerid|taid|emci|emdi|ceid|sourceid"
    r"|_ga|_gl|_branch_match_id|_branch_referrer|mibextid|campaign_id|hss_channel|wickedid|elqtrackid|elqtrack|elq|assetid|assettype|vgo_ee|share_id|si"
    r"|feedtype|feedname|srnd|sref|leadsource|cjevent|irclickid|irgwc|awc|zanpid|wprov|traffic_source|mod|cid_source",
    re.IGNORECASE,
)


def former_ids(entries: Sequence[Marks]) -> list[tuple[str, ...]]:
    """Return the ids that each entry of a feed may have had, in its order.

    As it is listed now, as one of several with one link, and without a link, which the first version did not always understand. For the id of an
    entry without one it took the link, also that of a front page; so ``entries`` are given.
    """
    listed = zip(
        _bases(entries),
        map(_among_others, entries),
        (_basis(replace(marks, link="")) for marks in entries),
        strict=True,
    )
    return [tuple(dict.fromkeys(map(_digest, bases))) for bases in listed]


def _bases(entries: Sequence[Marks]) -> list[str]:
    bases = [_basis(marks) for marks in entries]
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for place, basis in enumerate(bases):
        sharing[basis].append(place)
    for places in sharing.values():
        oldest = min(places, key=lambda place: (entries[place].published, -place))
        for place in places:
            if _folded(entries[place].title) != _folded(entries[oldest].title):
                bases[place] = _among_others(entries[place])
    return bases


def _among_others(marks: Marks) -> str:
    repeats_link = _key(marks.guid) == _key(marks.link) and "#" not in marks.guid
    own = marks.guid if marks.guid and not repeats_link else _folded(marks.title)
    return f"{_basis(marks)} {own}"


def _basis(marks: Marks) -> str:
    key = _key(marks.link)
    if key and not _is_front_page(key):
        return f"link {key}"
    if marks.guid:
        return f"guid {_guid(marks)}"
    return f"title {_folded(marks.title)} {_folded(marks.publisher)}"


def _guid(marks: Marks) -> str:
    key = _key(marks.guid)
    if key and not _is_front_page(key):
        return key
    if _GLOBAL.match(marks.guid):
        return marks.guid
    return f"{re.split(r'[/?]', _key(marks.site), maxsplit=1)[0]} {marks.guid}"


@lru_cache(maxsize=4_096)
def _key(link: str) -> str:
    return key_without(link, lambda _host, name, _value: bool(_TRACKERS.fullmatch(name)), routes=False)


def _is_front_page(key: str) -> bool:
    return "/" not in key and "?" not in key


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain))


def _digest(basis: str) -> str:
    return hashlib.blake2s(basis.encode(errors="replace"), digest_size=12).hexdigest()
