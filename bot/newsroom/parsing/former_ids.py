"""The ids that articles had in stores of the first version, so that none of them is news again.

Its rule removed tracking parameters from every address, even those that identify an article, and knew no routes behind
“#”. The rule is kept here as it was and must not change. It is used only for rows of the first version
(``article.key_rule``).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.newsroom.parsing.identity import IdentityFields
from bot.newsroom.parsing.urls import build_key

_GLOBAL_ID = re.compile(r"(?:urn|tag|uuid|doi|https?):", re.IGNORECASE)
_TRACKING_PARAMETERS = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|mc|vero|oly|itm|ga|_hs|__hs|at|wt|stm|pf_rd|cmpid|iesrc|ns)_.*"
    r"|(?:fb|g|gb|wb|dc|ms|tw|yc|li_fat_|tt|ys|igsh|gclsrc|scc|rdt_|epi)?clid|gbraid|wbraid|gclsrc|gad_source|gad_campaignid|li_fat_id|igshid|igsh"
    r"|yclid|ysclid|twclid|ttclid|msclkid|dclid|_openstat|xtor|cmpid|cmp|ncid|s_cid|icid|mkt_tok|mkwid|trk|trkcampaign|trackingid|spm|scm|smid|smtyp"
    r"|guccounter|guce_referrer|guce_referrer_sig|ref_src|ref_url|referrer|referer|feature|sr_share|sh|soc_src|soc_trk|ito|dicbo|cvid|ocid|maca|rss|rssid"
    r"|fb_action_ids|fb_action_types|fb_source|fb_ref|action_object_map|action_type_map|action_ref_map|partner|partnerid|taid|emci|emdi|ceid|sourceid"
    r"|_ga|_gl|_branch_match_id|_branch_referrer|mibextid|campaign_id|hss_channel|wickedid|elqtrackid|elqtrack|elq|assetid|assettype|vgo_ee|share_id|si"
    r"|feedtype|feedname|srnd|sref|leadsource|cjevent|irclickid|irgwc|awc|zanpid|wprov|traffic_source|mod|cid_source",
    re.IGNORECASE,
)


def build_former_ids(entries: Sequence[IdentityFields]) -> list[tuple[str, ...]]:
    """Return the ids that each entry of a feed may have had, in the feed's order.

    They are its id as it is listed now, as one of several with one link, and without a link, which the first version
    did not always understand. For an entry without an id of its own it took the link, even that of a front page; so
    ``entries`` have it as their id.
    """
    bases_by_entry = zip(
        _build_bases(entries),
        map(_build_basis_among_others, entries),
        (_build_basis(replace(entry, link="")) for entry in entries),
        strict=True,
    )
    return [tuple(dict.fromkeys(map(_digest, bases))) for bases in bases_by_entry]


def _build_bases(entries: Sequence[IdentityFields]) -> list[str]:
    bases = [_build_basis(entry) for entry in entries]
    positions_by_basis: defaultdict[str, list[int]] = defaultdict(list)
    for position, basis in enumerate(bases):
        positions_by_basis[basis].append(position)
    for positions in positions_by_basis.values():
        oldest = min(positions, key=lambda place: (entries[place].published, -place))
        for position in positions:
            if _fold(entries[position].title) != _fold(entries[oldest].title):
                bases[position] = _build_basis_among_others(entries[position])
    return bases


def _build_basis_among_others(entry: IdentityFields) -> str:
    repeats_link = _build_key(entry.guid) == _build_key(entry.link) and "#" not in entry.guid
    own_key = entry.guid if entry.guid and not repeats_link else _fold(entry.title)
    return f"{_build_basis(entry)} {own_key}"


def _build_basis(entry: IdentityFields) -> str:
    key = _build_key(entry.link)
    if key and not _is_front_page(key):
        return f"link {key}"
    if entry.guid:
        return f"guid {_build_guid(entry)}"
    return f"title {_fold(entry.title)} {_fold(entry.publisher)}"


def _build_guid(entry: IdentityFields) -> str:
    key = _build_key(entry.guid)
    if key and not _is_front_page(key):
        return key
    if _GLOBAL_ID.match(entry.guid):
        return entry.guid
    return f"{re.split(r'[/?]', _build_key(entry.site), maxsplit=1)[0]} {entry.guid}"


@lru_cache(maxsize=4_096)
def _build_key(link: str) -> str:
    return build_key(link, lambda _host, name, _value: bool(_TRACKING_PARAMETERS.fullmatch(name)), with_routes=False)


def _is_front_page(key: str) -> bool:
    return "/" not in key and "?" not in key


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain))


def _digest(basis: str) -> str:
    return hashlib.blake2s(basis.encode(errors="replace"), digest_size=12).hexdigest()
