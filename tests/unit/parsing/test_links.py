"""One article has one address, however it is spelled and whoever passes it on; and what is clicked on still works."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.newsroom.parsing.urls import build_link_key, clean_link, get_host, is_front_page

#: Spellings of one address that lead to one article.
SAME = [
    "https://www.paper.example/cars/1?id=7",
    "http://paper.example/cars/1?id=7",
    "https://PAPER.example:443/cars/1?id=7",
    "http://paper.example:80/cars//1/?id=7",
    "https://paper.example./cars/./x/../1?id=7#comments",
    "//paper.example/cars/1?id=7",
    "https://paper.example/cars/1/index.html?id=7",
    "https://paper.example/cars/%31?id=%37",
    "https://paper.example/cars/1?utm_source=a&id=7&utm_medium=b&fbclid=c",
    "https://paper.example/cars/1?gclid=x&mc_cid=y&id=7&mc_eid=z",
    "https://paper.example/cars/1?id=7&amp=1",
    "https://paper.example/cars/1/amp/?id=7",
    "https://amp.paper.example/cars/1?id=7&outputType=amp",
    "https://m.paper.example/cars/1?id=7",
    "https://www.google.com/amp/s/paper.example/cars/1%3Fid=7".replace("%3F", "?"),
    "https://paper-example.cdn.ampproject.org/c/s/www.paper.example/cars/1?id=7",
    "https://www.google.com/url?rct=j&url=https%3A%2F%2Fpaper.example%2Fcars%2F1%3Fid%3D7&ct=ga",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fcars%2F1%3Fid%3D7%26fbclid%3Dz&h=x",
    "  https://paper.example/cars/\n1?id=7 ",
]


@pytest.mark.parametrize("spelling", SAME)
def test_spellings_of_one_address_are_the_same_articles(spelling: str) -> None:
    assert build_link_key(spelling) == "paper.example/cars/1?id=7"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://paper.example/1", "https://paper.example/2"),
        ("https://paper.example/a?id=1", "https://paper.example/a?id=2"),
        ("https://paper.example/a?page=1", "https://paper.example/a"),
        ("https://paper.example/a?ref=1", "https://paper.example/a?ref=2"),
        ("https://paper.example/a%2Fb", "https://paper.example/a/b"),
        ("https://paper.example/A", "https://paper.example/a"),
        ("https://paper.example:8080/a", "https://paper.example/a"),
        ("https://cars.paper.example/a", "https://paper.example/a"),
        ("https://m.example/a", "https://www.m.example/b"),
        ("https://paper.example/amplifier", "https://paper.example/lifier"),
        ("https://paper.example/camp", "https://paper.example/c"),
        ("https://paper.example/index.html.pdf", "https://paper.example/"),
    ],
)
def test_different_articles_keep_different_addresses(one: str, other: str) -> None:
    assert build_link_key(one) != build_link_key(other)


@pytest.mark.parametrize(
    ("given_as", "clicked"),
    [
        ("https://www.paper.example/a/?utm_source=x&id=1", "https://www.paper.example/a/?utm_source=x&id=1"),
        ("https://paper.example/app#/article/0", "https://paper.example/app#/article/0"),
        (
            "https://paper.example/forum/?fromgroups#!topic/dev/Ab1",
            "https://paper.example/forum/?fromgroups#!topic/dev/Ab1",
        ),
        (
            "https://paper.example/forum.php?mod=viewthread&tid=3",
            "https://paper.example/forum.php?mod=viewthread&tid=3",
        ),
        ("https://paper.example/?feature=ev-battery", "https://paper.example/?feature=ev-battery"),
        (
            "https://paper.example/show?assetid=1&partner=2&rss=3&sh=4&si=5",
            "https://paper.example/show?assetid=1&partner=2&rss=3&sh=4&si=5",
        ),
        (
            "https://archive.example/web/2020/https://paper.example/18",
            "https://archive.example/web/2020/https://paper.example/18",
        ),
        ("https://s3.example//ad/file.html", "https://s3.example//ad/file.html"),
        ("https://paper.example/a?amp&output=amp", "https://paper.example/a?amp&output=amp"),
        ("http://paper.example/a", "http://paper.example/a"),
        ("https://www.google.com/amp/s/www.paper.example/a", "https://www.paper.example/a"),
        ("https://paper.example/a?q=1&a=2&&b#part", "https://paper.example/a?q=1&a=2&&b#part"),
        ("https://日本.example/日?語=日", "https://xn--wgv71a.example/%E6%97%A5?%E8%AA%9E=%E6%97%A5"),
        ("https://paper.example/a b", "https://paper.example/a%20b"),
        ("/cars/1", "https://base.example/cars/1"),
        ("1?x", "https://base.example/news/1?x"),
    ],
)
def test_what_is_clicked_on_keeps_all_that_it_may_need(given_as: str, clicked: str) -> None:
    assert clean_link(given_as, "https://base.example/news/feed.xml") == clicked


@pytest.mark.parametrize(
    "link",
    [
        "", " ", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://paper.example/", "mailto:a@paper.example",
        "https://", "https:///a", "https://bank.example@evil.example/", "https://user:pw@paper.example/", "https://[::1", "https://[::1]a:b@", "https://a..b/",
        "https://paper.example:99999/", "https://nodots/", "https://pa<per.example/", "https://paper.example/" + "a" * 2_000, "relative/path",
    ],
)  # fmt: skip
def test_no_address_is_no_address(link: str) -> None:
    assert clean_link(link) == build_link_key(link) == ""


def test_an_address_inside_an_address_is_unwrapped_only_so_often() -> None:
    """A passing page that passes on to itself ends."""
    wrapped = "https://www.google.com/url?url=https://www.google.com/url"
    assert clean_link(wrapped) == "https://www.google.com/url"


@pytest.mark.parametrize(
    "link", ["https://paper.example", "http://www.paper.example/", "https://paper.example/index.html#top"]
)
def test_a_front_page_is_known(link: str) -> None:
    assert is_front_page(link)
    assert not is_front_page(link.split("#")[0].removesuffix("index.html").rstrip("/") + "/1")


#: What says who sent the reader, in the publishers' own ways.
TRACKED = [
    "source=rss----1234---4", "source=rss-99---2", ".tsrc=rss", "emc=rss", "partner=rss", "partner=rssnyt", "__twitter_impression=true", "ref=rss", "src=rss",
    "tpcc=newsrss", "intcmp=1", "from=feed", "via=rss_feed", "cmp=rss", "mod=rss_markets_main", "rss=1", "rss", "cid=rss-all", "utm_source=x",
    "utm_anything=x", "pk_campaign=x", "mtm_source=x", "at_medium=RSS", "at_campaign=1", "mc_eid=1", "smid=tw", "xtor=RSS-3", "ns_mchannel=rss", "si=abc", "feature=share",
    "fbclid=x", "igshid=x", "mkt_tok=x", "guccounter=1", "ocid=x", "_ga=x", "srnd=x",
]  # fmt: skip
#: Names that tell where a reader comes from on one site, and which page is meant on another.
NAMING = [
    "mod", "assetid", "assettype", "feature", "partner", "partnerid", "rss", "sh", "si", "s", "t", "source", "src", "ref", "from", "via", "cmp", "cid", "sourceid", "campaign_id",
    "pk_id", "at_id", "ns_page", "wt_id", "mc_number", "elq", "feed",
]  # fmt: skip
words = st.text("abcXYZ019-_.~%/ä語 +", min_size=1, max_size=8)
hosts = st.from_regex(r"(www\.|amp\.|m\.)?[a-z]{1,8}\.(example|co\.uk)(:80|:8080)?", fullmatch=True)
tracking = st.sampled_from(
    [
        "utm_source=a",
        "utm_campaign=b%20c",
        "fbclid=d",
        "gclid=e",
        "mc_cid=f",
        "_ga=g",
        "msclkid=h",
        "amp=1",
        "UTM_TERM=i",
    ]
)
names = st.sampled_from([*NAMING, "id", "utm_source", "fbclid", "amp", "output", "emc", ".tsrc"])
queries = st.lists(st.tuples(st.text("abcxyz", min_size=1, max_size=3), words), max_size=4)


@st.composite
def links(draw: st.DrawFn) -> str:
    """Addresses of any shape that a feed may hold."""
    path = "/".join(draw(st.lists(words | st.sampled_from(["amp", "index.html", "..", "x.amp.html"]), max_size=4)))
    query = "&".join(f"{key}={value}" for key, value in draw(queries))
    return f"{draw(st.sampled_from(['http', 'https', 'HTTPS']))}://{draw(hosts)}/{path}?{query}{draw(st.sampled_from(['', '#x']))}"


@settings(max_examples=150, deadline=None)
@given(links() | st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(link: str) -> None:
    clean, key = clean_link(link), build_link_key(link)
    assert clean_link(clean) == clean
    assert build_link_key(clean) == key
    assert build_link_key(f"https://{key}" if key else "") == key


@settings(max_examples=100, deadline=None)
@given(links(), st.lists(tracking, min_size=1, max_size=4))
def test_tracking_never_tells_two_addresses_apart(link: str, added: list[str]) -> None:
    bare, _, query = link.partition("#")[0].strip().partition("?")
    parts = [part for part in query.split("&") if part]
    tracked = f"{bare}?{'&'.join([*added[:1], *parts, *added[1:]])}"
    assert build_link_key(tracked) == build_link_key(f"{bare}?{'&'.join(parts)}")


@settings(max_examples=200, deadline=None)
@given(
    hosts,
    st.text("abcAZ019-_.~/", max_size=20),
    st.lists(st.tuples(names, st.text("abc019-_", max_size=6)), max_size=4),
    st.text("abc019-_/!", max_size=9),
)
def test_a_link_is_published_as_it_came(host: str, path: str, query: list[tuple[str, str]], fragment: str) -> None:
    """Whatever its parameters are called, and wherever slashes are."""
    parameters = "&".join(f"{name}={value}" for name, value in query)
    link = f"https://{host.split(':', 1)[0]}/x{path}{'?' * bool(query)}{parameters}{'#' * bool(fragment)}{fragment}"
    assume("/../" not in f"{path}/" and "/./" not in f"{path}/" and not path.startswith("."))
    assert clean_link(link) == link


@pytest.mark.parametrize("tracker", TRACKED)
def test_one_article_has_one_key_whoever_sent_the_reader(tracker: str) -> None:
    host = "www.youtube.com" if tracker in ("si=abc", "feature=share") else "paper.example"
    assert build_link_key(f"https://{host}/a?{tracker}") == build_link_key(f"https://{host}/a")
    assert build_link_key(f"https://{host}/a?id=1&{tracker}") == build_link_key(f"https://{host}/a?id=1")


@pytest.mark.parametrize("name", NAMING)
def test_a_parameter_that_may_name_the_page_keeps_pages_apart(name: str) -> None:
    queries = ("", f"?{name}=5", f"?{name}=6", f"?{name}=viewthread")
    assert len({build_link_key(f"https://paper.example/a{query}") for query in queries}) == 4


def test_routes_keep_pages_apart_and_places_on_a_page_do_not() -> None:
    routes = ("#/article/0", "#/article/1", "#!topic/a", "#!topic/b", "#!/c", "")
    assert len({build_link_key(f"https://paper.example/app{route}") for route in routes}) == 6
    places = ("#comments", "#", "#!", "#/", "#:~:text=a", "#xtor=RSS-3")
    assert {build_link_key(f"https://paper.example/app{place}") for place in places} == {"paper.example/app"}
    assert not is_front_page("https://paper.example/#/article/0")
    assert get_host("https://paper.example#!a") == "paper.example"
