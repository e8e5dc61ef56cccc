"""Addresses: which to click on, and which two are the same article's.

:func:`clean_link` keeps all that an address may need to work (``www``, the scheme, a slash at its end) and drops what is only there to watch
the reader. :func:`link_key` drops that too, and the AMP spelling: it is for comparing, not for clicking. Both are idempotent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote_plus, urljoin

from yarl import URL

#: A longer address is no article's.
LINK_LIMIT = 2_000
_WRAPPED_DEPTH = 3
# Identity, publisher and front page ask for the same key one after the other.
_KEPT = 4_096

# Only parameters of which it is known that they tell who sent the reader; "ref" or "id" alone may name the article.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|mc|vero|oly|itm|ga|_hs|__hs|at|wt|stm|pf_rd|cmpid|iesrc|ns)_.*"
    r"|(?:fb|g|gb|wb|dc|ms|tw|yc|li_fat_|tt|ys|igsh|gclsrc|scc|rdt_|epi)?clid|gbraid|wbraid|gclsrc|gad_source|gad_campaignid|li_fat_id|igshid|igsh"
    r"|yclid|ysclid|twclid|ttclid|msclkid|dclid|_openstat|xtor|cmpid|cmp|ncid|s_cid|icid|mkt_tok|mkwid|trk|trkcampaign|trackingid|spm|scm|smid|smtyp"
    r"|guccounter|guce_referrer|guce_referrer_sig|ref_src|ref_url|referrer|referer|feature|sr_share|sh|soc_src|soc_trk|ito|dicbo|cvid|ocid|maca|rss|rssid"
    r"|fb_action_ids|fb_action_types|fb_source|fb_ref|action_object_map|action_type_map|action_ref_map|partner|partnerid|taid|emci|emdi|ceid|sourceid"
    r"|_ga|_gl|_branch_match_id|_branch_referrer|mibextid|campaign_id|hss_channel|wickedid|elqtrackid|elqtrack|elq|assetid|assettype|vgo_ee|share_id|si"
    r"|feedtype|feedname|srnd|sref|leadsource|cjevent|irclickid|irgwc|awc|zanpid|wprov|traffic_source|mod|cid_source",
    re.IGNORECASE,
)
_AMP_QUERY = frozenset({"amp", "outputtype", "output", "view", "mode", "type"})
_AMP_VALUES = frozenset({"amp", "amphtml", "1", "true", ""})
_AMP_HOST = re.compile(r"^(?:amp\d?|www\.amp)\.|(?<=\.)amp\.", re.IGNORECASE)
_AMP_PATH = re.compile(r"/amp(?:\.html?)?/?$|^/amp(?=/.)|\.amp(?=\.html?$|$)|(?<=[^/])\.amphtml$", re.IGNORECASE)
_MOBILE = re.compile(r"^(?:www\d?|m|mobile)\.(?=[^.]+\.)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
# Pages of others that only pass on to the article that they name.
_PASSING = {
    "google": re.compile(r"^(?:www\.)?google\.[a-z.]{2,6}$"),
    "bing": re.compile(r"^(?:www\.)?bing\.com$"),
    "facebook": re.compile(r"^lm?\.facebook\.com$"),
    "cache": re.compile(r"^[^.]+\.cdn\.ampproject\.org$|^cdn\.ampproject\.org$"),
}


def clean_link(link: str, base: str = "") -> str:
    """The address without what tracks the reader, absolute; empty if it is no http(s) address that a person may be sent to.

    One that names a user (``https://bank@host``) is none. Addresses of Google's AMP cache and of pages that only pass on become the
    address that they hide.
    """
    url = _read(link, base)
    return "" if url is None else _told(_stripped(url))


@lru_cache(maxsize=_KEPT)
def link_key(link: str) -> str:
    """What the addresses of one article have in common: without scheme, ``www``, AMP, index page, slash at the end; empty for no address."""
    url = _read(link, "")
    if url is None:
        return ""
    before, key = "", _key(url)
    # What is under one wrapping may be another: ``m.amp.host``, ``/amp/index.html``.
    while key != before:
        again = _read(f"https://{key}", "")
        before, key = key, _key(again) if again is not None else key
    return key


def joined(base: str, link: str) -> str:
    """The link as the base makes it absolute; as it is where one of them cannot be read."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def is_front_page(link: str) -> bool:
    """Whether the address names a whole site: many articles may give it as theirs."""
    key = link_key(link)
    return bool(key) and "/" not in key and "?" not in key


def host_of(link: str) -> str:
    """The host as it is compared; empty for no address."""
    return re.split(r"[/?]", link_key(link), maxsplit=1)[0]


def _read(link: str, base: str) -> URL | None:
    try:
        return _unwrapped(_parsed(link, base))
    except (ValueError, TypeError, UnicodeError):
        return None


def _parsed(link: str, base: str) -> URL:
    text = link.strip()
    if not text.isprintable():
        text = "".join(mark for mark in text if mark.isprintable())
    if len(text) > LINK_LIMIT or not text:
        raise ValueError
    if text.startswith("//"):
        text = "https:" + text
    # Not yarl's own join: it takes the escapes out of the base.
    return _web(URL(joined(base, text.replace(" ", "%20")) if base else text.replace(" ", "%20")))


def _web(url: URL) -> URL:
    host = (url.raw_host or "").rstrip(".").lower()
    if url.scheme not in ("http", "https") or not host or url.user is not None or url.password is not None:
        raise ValueError
    if "." not in host and ":" not in host and host != "localhost":
        raise ValueError
    if not re.fullmatch(r"[a-z0-9._:-]+", host) or ".." in host:
        raise ValueError
    return url.with_host(host).with_fragment(None)


def _unwrapped(url: URL) -> URL:
    """The address inside a page that only passes on, a few times over."""
    for _ in range(_WRAPPED_DEPTH):
        inner = _passed_on(url)
        if not inner:
            return url
        try:
            url = _parsed(inner, "")
        except (ValueError, TypeError):
            return url
    return url


def _passed_on(url: URL) -> str:
    host = url.host or ""
    if _PASSING["cache"].match(host):
        return _behind(url.raw_path_qs, r"^/[a-z]/(s/)?")
    if _PASSING["google"].match(host):
        if url.path == "/url":
            return url.query.get("url") or url.query.get("q") or ""
        return _behind(url.raw_path_qs, r"^/amp/(s/)?")
    if _PASSING["bing"].match(host) and url.path.endswith("apiclick.aspx"):
        return url.query.get("url") or ""
    if _PASSING["facebook"].match(host):
        return url.query.get("u") or ""
    return ""


def _behind(path: str, lead: str) -> str:
    found = re.match(lead, path)
    rest = path[found.end() :] if found else ""
    return f"{'https' if found and found[1] else 'http'}://{rest}" if "." in rest.split("/", 1)[0] else ""


def _stripped(url: URL) -> URL:
    """Without tracking and doubled slashes; what stays is spelled as it was."""
    path = re.sub(r"/{2,}", "/", url.raw_path)
    bare = url if path == url.raw_path else url.with_path(path, encoded=True, keep_query=True)
    parts = [part for part in bare.raw_query_string.split("&") if part]
    kept = [part for part in parts if not _is_tracking(*_pair(part))]
    if len(kept) == len(parts) and parts:
        return bare
    return URL(str(bare.with_query(None)) + (f"?{'&'.join(kept)}" if kept else ""), encoded=True)


def _pair(part: str) -> tuple[str, str]:
    key, _, value = part.partition("=")
    return unquote_plus(key), unquote_plus(value)


def _is_tracking(key: str, value: str) -> bool:
    if _TRACKING.fullmatch(key):
        return True
    return key.lower() in _AMP_QUERY and value.lower() in (_AMP_VALUES if key.lower() == "amp" else {"amp", "amphtml"})


def _key(url: URL) -> str:
    bare = _stripped(url)
    host = _MOBILE.sub("", _AMP_HOST.sub("", bare.raw_host or ""))
    path = _INDEX.sub("/", _AMP_PATH.sub("", bare.raw_path)).rstrip("/")
    port = f":{bare.explicit_port}" if bare.explicit_port not in (None, 80, 443) else ""
    query = _sorted(bare.query.items())
    return f"[{host}]{port}{path}{query}" if ":" in host else f"{host}{port}{path}{query}"


def _sorted(query: Iterable[tuple[str, str]]) -> str:
    pairs = sorted(query)
    return f"?{URL.build(query=pairs).raw_query_string}" if pairs else ""


def _told(url: URL) -> str:
    text = str(url)
    return text if len(text) <= LINK_LIMIT else ""
