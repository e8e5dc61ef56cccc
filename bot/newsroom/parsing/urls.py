"""Clean the addresses of articles, and decide which ones belong to the same article.

:func:`clean_link` keeps an address as its publisher wrote it, to be clicked on. :func:`build_link_key` removes tracking
parameters and the AMP spelling, to be compared. Both are idempotent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import urljoin

from yarl import URL

from bot.redaction import is_webhook

# Parameters that say where a reader came from, and nothing about the page. They are removed only to compare addresses. One that is
# removed by mistake merges two articles for good, so a name is listed only if it means the same everywhere; else with the hosts that use
# it, or with the values that reveal it. courlan (https://github.com/adbar/courlan) removes ``cid``, ``uid`` and ``source`` whatever they
# say, and knows few of the publishers' own.
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


#: The longest address of an article.
LINK_LIMIT = 2_000
#: Decides by host, name and value of a parameter whether the key leaves it out.
IsDropped = Callable[[str, str, str], bool]
_MAX_REDIRECT_DEPTH = 3
# Identity, publisher and front page need the same key one after the other.
_CACHE_SIZE = 4_096

_AMP_QUERY = frozenset({"amp", "outputtype", "output", "view", "mode", "type"})
_AMP_VALUES = frozenset({"amp", "amphtml", "1", "true", ""})
_AMP_HOST = re.compile(r"^(?:amp\d?|www\.amp)\.|(?<=\.)amp\.", re.IGNORECASE)
_AMP_PATH = re.compile(r"/amp(?:\.html?)?/?$|^/amp(?=/.)|\.amp(?=\.html?$|$)|(?<=[^/])\.amphtml$", re.IGNORECASE)
_MOBILE_HOST = re.compile(r"^(?:www\d?|m|mobile)\.(?=[^.]+\.)", re.IGNORECASE)
#: A fragment that chooses the page (“#/article/1”, “#!topic”), not a place on it.
_ROUTE = re.compile(r"!?/.|!.")
_END_OF_HOST = re.compile(r"[/?#]")
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
# Hosts of pages that only redirect to the article that they name.
_REDIRECT_HOSTS = {
    "google": re.compile(r"^(?:www\.)?google\.[a-z.]{2,6}$"),
    "bing": re.compile(r"^(?:www\.)?bing\.com$"),
    "facebook": re.compile(r"^lm?\.facebook\.com$"),
    "cache": re.compile(r"^[^.]+\.cdn\.ampproject\.org$|^cdn\.ampproject\.org$"),
}


def clean_link(link: str, base: str = "") -> str:
    """Return the address as it is published, absolute; empty if it is no http(s) address that a person may be sent to.

    One that contains a user (``https://bank@host``) is none, nor is a webhook's, which contains a token. Addresses of Google's AMP cache and of redirect pages
    become the address that they lead to.
    """
    url = _parse_target(link, base)
    return "" if url is None else _to_text(url)


@lru_cache(maxsize=_CACHE_SIZE)
def build_link_key(link: str) -> str:
    """Return what the addresses of one article have in common; empty if it is no address.

    It has no scheme, ``www``, AMP, index page, or slash at the end.
    """
    return build_key(link, is_tracking_parameter)


def build_key(link: str, is_dropped: IsDropped, *, with_routes: bool = True) -> str:
    """Return the key of an address without the parameters that are to be dropped; with ``with_routes`` including a
    fragment that is a route.
    """
    url = _parse_target(link, "")
    if url is None:
        return ""
    previous, key = "", _build_key_once(url, is_dropped, with_routes=with_routes)
    # Several may be combined: ``m.amp.host``, ``/amp/index.html``.
    while key != previous:
        reparsed_url = _parse_target(f"https://{key}", "")
        previous, key = (
            key,
            _build_key_once(reparsed_url, is_dropped, with_routes=with_routes) if reparsed_url is not None else key,
        )
    return key


def join_url(base: str, link: str) -> str:
    """Return the link made absolute by the base; the link as it is if one of them cannot be read."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def is_front_page(link: str) -> bool:
    """Return whether the address is that of a whole site, which many articles may give as theirs."""
    key = build_link_key(link)
    return bool(key) and not _END_OF_HOST.search(key)


def get_host(link: str) -> str:
    """Return the host as it is compared; empty if it is no address."""
    return _END_OF_HOST.split(build_link_key(link), maxsplit=1)[0]


def _parse_target(link: str, base: str) -> URL | None:
    try:
        return _follow_redirect_pages(_parse_url(link, base))
    except (ValueError, TypeError, IndexError):
        return None


def _parse_url(link: str, base: str) -> URL:
    text = link.strip()
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable())
    if len(text) > LINK_LIMIT or not text:
        raise ValueError
    if text.startswith("//"):
        text = "https:" + text
    # yarl's own join would decode the escapes of the base.
    return _require_web_host(URL(join_url(base, text.replace(" ", "%20")) if base else text.replace(" ", "%20")))


def _require_web_host(url: URL) -> URL:
    host = (url.raw_host or "").rstrip(".").lower()
    if url.scheme not in ("http", "https") or not host or url.user is not None or url.password is not None:
        raise ValueError
    if "." not in host and ":" not in host and host != "localhost":
        raise ValueError
    if not re.fullmatch(r"[a-z0-9._:-]+", host) or ".." in host:
        raise ValueError
    if is_webhook(str(url)):
        raise ValueError
    return url.with_host(host)


def _follow_redirect_pages(url: URL) -> URL:
    """Return the address that a redirect page leads to, through a few such pages."""
    for _ in range(_MAX_REDIRECT_DEPTH):
        inner = _get_redirect_target(url)
        if not inner:
            return url
        try:
            url = _parse_url(inner, "")
        except (ValueError, TypeError, IndexError):
            return url
    return url


def _get_redirect_target(url: URL) -> str:
    host = url.host or ""
    if _REDIRECT_HOSTS["cache"].match(host):
        return _get_url_after(url.raw_path_qs, r"^/[a-z]/(s/)?")
    if _REDIRECT_HOSTS["google"].match(host):
        if url.path == "/url":
            return url.query.get("url") or url.query.get("q") or ""
        return _get_url_after(url.raw_path_qs, r"^/amp/(s/)?")
    if _REDIRECT_HOSTS["bing"].match(host) and url.path.endswith("apiclick.aspx"):
        return url.query.get("url") or ""
    if _REDIRECT_HOSTS["facebook"].match(host):
        return url.query.get("u") or ""
    return ""


def _get_url_after(path: str, prefix: str) -> str:
    match = re.match(prefix, path)
    rest = path[match.end() :] if match else ""
    return f"{'https' if match and match[1] else 'http'}://{rest}" if "." in rest.split("/", 1)[0] else ""


def _is_amp_parameter(name: str, value: str) -> bool:
    return name.lower() in _AMP_QUERY and value.lower() in (
        _AMP_VALUES if name.lower() == "amp" else {"amp", "amphtml"}
    )


def _build_key_once(url: URL, is_dropped: IsDropped, *, with_routes: bool) -> str:
    full_host = url.raw_host or ""
    host = _MOBILE_HOST.sub("", _AMP_HOST.sub("", full_host))
    path = _INDEX_PAGE.sub("/", _AMP_PATH.sub("", re.sub(r"/{2,}", "/", url.raw_path))).rstrip("/")
    port = f":{url.explicit_port}" if url.explicit_port not in (None, 80, 443) else ""
    query = _build_sorted_query(
        pair for pair in url.query.items() if not _is_amp_parameter(*pair) and not is_dropped(full_host, *pair)
    )
    route = f"#{url.raw_fragment}" if with_routes and _ROUTE.match(url.raw_fragment) else ""
    return f"{f'[{host}]' if ':' in host else host}{port}{path}{query}{route}"


def _build_sorted_query(query: Iterable[tuple[str, str]]) -> str:
    sorted_pairs = sorted(query)
    return f"?{URL.build(query=sorted_pairs).raw_query_string}" if sorted_pairs else ""


def _to_text(url: URL) -> str:
    text = str(url)
    return text if len(text) <= LINK_LIMIT else ""
