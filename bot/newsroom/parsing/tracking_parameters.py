"""Query parameters that tell where a reader came from, and nothing about the page.

They are removed only for comparing addresses. A parameter that is removed by mistake merges two articles for good, so a
name is listed only if it means the same everywhere; else with the hosts that use it, or with the values that reveal it.
``courlan`` (https://github.com/adbar/courlan) was tried instead: it removes ``cid``, ``uid`` and ``source`` whatever
they say, and knows few of the publishers' own.
"""

from __future__ import annotations

import re

_GLOBAL_NAMES = re.compile(
    r"utm_.+|hsa_.+|_?hs(?:enc|mi)|__hs(?:tc|sc|fp)|hss_channel|hsctatracking"
    r"|(?:mtm|matomo|pk|piwik)_(?:campaign|cid|content|group|keyword|kwd|medium|placement|source)"
    r"|(?:ga|itm|stm|at|ns|wt)_(?:campaign|medium|source|content|term|place|mchannel|linkname|fee|mc|zmc|custom\d|link_\w+|ptr_\w+|bbc_team|format|creation)"
    r"|mc_(?:cid|eid|tc)|oly_(?:enc|anon)_id|vero_(?:id|conv)|pf_rd_[a-z]|epi_?clid"
    r"|(?:fb|g|gb|wb|dc|tw|y|ys|tt|ms|s|li_fat_|rdt_|tw)clid|msclkid|irclickid|gbraid|wbraid|gclsrc|gad_source|gad_campaignid"
    r"|li_fat_id|igshid|igsh|mibextid|_openstat|xtor|cmpid|ncid|s_cid|icid|cid_source|mkt_tok|mkwid|trk|trkcampaign|trackingid|spm|scm|wprov"
    r"|guccounter|guce_referrer|guce_referrer_sig|ref_src|ref_url|referrer|referer|sr_share|soc_src|soc_trk|ito|dicbo|cvid|ocid|maca|intcmp|tpcc"
    r"|fb_action_ids|fb_action_types|fb_source|fb_ref|action_object_map|action_type_map|action_ref_map|taid|emci|emdi|ceid|__twitter_impression"
    r"|_ga|_gl|_branch_match_id|_branch_referrer|elqtrackid|elqtrack|vgo_ee|share_id|smid|smtyp|\.?tsrc"
    r"|feedtype|feedname|srnd|sref|leadsource|cjevent|irgwc|awc|zanpid|traffic_source|wickedid|iesrc",
    re.IGNORECASE,
)
#: Further names that only track on these hosts and their subdomains.
_NAMES_BY_HOST = {
    "youtube.com": {"si", "feature", "pp", "ab_channel"},
    "youtu.be": {"si", "feature", "pp", "ab_channel"},
    "spotify.com": {"si"},
    "forbes.com": {"sh", "ss"},
    "medium.com": {"source", "sk"},
    "wsj.com": {"mod"},
    "barrons.com": {"mod"},
    "marketwatch.com": {"mod"},
    "nytimes.com": {"partner", "emc", "campaign_id"},
    "theguardian.com": {"cmp"},
    "twitter.com": {"s", "t"},
    "x.com": {"s", "t"},
}
#: Names that may say where the link was, and values that say so.
_ORIGIN_NAME = re.compile(
    r"src|source|sourceid|ref|from|via|emc|partner|partnerid|mod|feature|cmp|cid|rss|rssid|sh|channel|origin|medium|mkt"
)
_FEED_VALUE = re.compile(
    r"(?:news|google|yahoo|bing)?[-_.]?(?:rss|atom|feed)s?\d{0,2}(?:[-_.:/|].*|nyt|news)?", re.IGNORECASE
)
#: ``?rss=1`` chooses nothing.
_FLAG_VALUE = re.compile(r"(?:1|true|yes|on)?", re.IGNORECASE)


def is_tracking_parameter(host: str, name: str, value: str) -> bool:
    """Return whether a parameter of an address on this host says nothing about the page."""
    name = name.lower()
    if _GLOBAL_NAMES.fullmatch(name) or name in _get_names_for_host(host):
        return True
    return bool(
        (_ORIGIN_NAME.fullmatch(name) and _FEED_VALUE.fullmatch(value))
        or (name == "rss" and _FLAG_VALUE.fullmatch(value))
    )


def _get_names_for_host(host: str) -> set[str]:
    parts = host.split(".")
    return next(
        (_NAMES_BY_HOST[name] for start in range(len(parts)) if (name := ".".join(parts[start:])) in _NAMES_BY_HOST),
        set(),
    )
