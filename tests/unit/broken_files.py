"""Story and company files that are wrong in one way each, and what is said of them."""

from __future__ import annotations

from bot.newsroom.story_files import FILE_LIMIT
from tests.unit.newsdesk import GOOD, development, expected, story_file

STORY_KEYS = "slug, headline, summary, kind, related, party, development, expected, term"
EXPECTED_KEYS = "id, headline, date, outcome, development, reason, source"
EXPECTED_DATES = "expected a date as YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Q2, YYYY-H1 or by YYYY-MM"
DEVELOPMENT_KEYS = "id, date, headline, text, claim, stage, retracted, source"
DATES = "expected a date as YYYY, YYYY-MM, YYYY-MM-DD or by YYYY-MM"
NO_LATER = "expected a date no later than tomorrow"
AMOUNT = 'expected a number in quotes such as "69000000000" or "1.5"'
LINK = "expected an http:// or https:// link"
KEBAB = "expected kebab-case (a-z, 0-9, single hyphens)"
KINDS = (
    "merger, acquisition, stake, joint-venture, alliance, supply, contract-manufacturing, licensing, financing,"
    " product, plant, policy, people, results, event, other"
)
STAGES = "rumoured, talks, agreed, signed, review, completed, terminated, lapsed"
TWIN = development("2025-08", "Twice told")


def edited(old: str, new: str) -> str:
    """Return the good file with one thing changed."""
    assert GOOD.count(old) >= 1, f"the good file has no {old!r}"
    return GOOD.replace(old, new, 1)


#: What is wrong: the file's text, and all that is said behind ``broken.toml: ``.
BROKEN: dict[str, tuple[str | bytes, str]] = {
    "no TOML": ("slug = ", "not valid TOML: Invalid value (at end of document)"),
    "a key twice in one table": (
        'slug = "a"\nslug = "b"\n',
        "not valid TOML: Cannot overwrite a value (at line 2, column 11)",
    ),
    "nested too deeply": ("a = " + "[" * 5_000, "not valid TOML: it is nested too deeply"),
    "not UTF-8": (b'slug = "caf\xe9"', "not valid UTF-8 (byte 11)"),
    "nothing in it": ("", "kind: required, but missing"),
    "too large": ("#" * (FILE_LIMIT + 1), "expected at most 5,000,000 bytes"),
    "an unknown key": ("stage = 1\n" + GOOD, f"stage: unknown key, expected one of {STORY_KEYS}"),
    "an unknown key that would break the line": (
        '"a\\nb" = 1\n' + GOOD,
        f"'a\\nb': unknown key, expected one of {STORY_KEYS}",
    ),
    "an unknown key of a party": (
        edited("role =", "rank ="),
        "party[1].rank: unknown key, expected one of company, role",
    ),
    "an unknown key of a development": (
        edited("text =", "body ="),
        f"development[1].body: unknown key, expected one of {DEVELOPMENT_KEYS}",
    ),
    "an unknown key of a source": (
        edited("publisher =", "paper ="),
        "development[1].source[1].paper: unknown key, expected one of publisher, title, url, date",
    ),
    "no slug": (edited('slug = "acme-roadworks"\n', ""), "slug: required, but missing"),
    "no headline": (
        edited('headline = "Acme to buy Roadworks"\n', ""),
        "headline: required, but missing",
    ),
    "no summary": (edited('summary = "Acme is to buy Roadworks."\n', ""), "summary: required, but missing"),
    "no kind": (edited('kind = "acquisition"\n', ""), "kind: required, but missing"),
    "no company of a party": (edited('company = "Acme"\n', ""), "party[1].company: required, but missing"),
    "no date": (edited('date = "2025-08-16"\n', ""), "development[1].date: required, but missing"),
    "no headline of a development": (
        edited('headline = "Acme signs for Roadworks"\n', ""),
        "development[1].headline: required, but missing",
    ),
    "no claim": (edited('claim = "confirmed"\n', ""), "development[1].claim: required, but missing"),
    "an unknown key of a term": (
        edited('bound = "about"', 'around = "about"'),
        "term[1].around: unknown key, expected one of id, name, amount, bound, unit, claim, date, retracted, source",
    ),
    "no id of a term": (edited('id = "price"\n', ""), "term[1].id: required, but missing"),
    "no unit of a term": (edited('unit = "USD"\n', ""), "term[1].unit: required, but missing"),
    "no such term": (
        edited('"value"', '"price"'),
        "term[1].name: expected one of value, stake, price-per-share, volume, capacity, investment, jobs, not 'price'",
    ),
    "no such bound": (
        edited('bound = "about"', 'bound = "roughly"'),
        "term[1].bound: expected one of about, up-to, at-least, not 'roughly'",
    ),
    "no such claim of a term": (
        edited('claim = "reported"', 'claim = "certain"'),
        "term[1].claim: expected one of confirmed, reported, denied, not 'certain'",
    ),
    "a number for an amount": (edited('"69000000000"', "69000000000"), f"term[1].amount: {AMOUNT}, not '69000000000'"),
    "an amount in words": (edited('"69000000000"', '"$69bn"'), f"term[1].amount: {AMOUNT}, not '$69bn'"),
    "an amount below zero": (edited('"69000000000"', '"-1"'), f"term[1].amount: {AMOUNT}, not '-1'"),
    "no currency for a value": (
        edited('unit = "USD"', 'unit = "dollars"'),
        "term[1].unit: expected an ISO 4217 currency such as USD, not 'dollars'",
    ),
    "more than all for a stake": (
        edited('"value"\namount = "69000000000"', '"stake"\namount = "101"').replace('"USD"', '"%"'),
        "term[1].amount: expected at most 100%, not '101'",
    ),
    "an id of a term twice": (
        GOOD + GOOD[GOOD.index("[[term]]") :],
        "term[2].id: expected each id once, but 'price' appears twice",
    ),
    "no publisher of a figure": (
        edited('[[term.source]]\npublisher = "Wire"', '[[term.source]]\ntitle = "Wire"'),
        "term[1].source[1].publisher: required, but missing",
    ),
    "no publisher": (
        edited('publisher = "Wire"\n', ""),
        "development[1].source[1].publisher: required, but missing",
    ),
    "an empty headline": (edited('"Acme to buy Roadworks"', '" "'), "headline: can't be empty"),
    "a number for a headline": (
        edited('"Acme to buy Roadworks"', "7"),
        "headline: expected text, not int",
    ),
    "a slug with blanks": (
        edited('"acme-roadworks"', '"Acme Roadworks"'),
        f"slug: {KEBAB}, not 'Acme Roadworks'",
    ),
    "a slug that climbs": (edited('"acme-roadworks"', '"../acme"'), f"slug: {KEBAB}, not '../acme'"),
    "an id with blanks": (edited('id = "signed"', 'id = "sig ned"'), f"development[1].id: {KEBAB}, not 'sig ned'"),
    "a slug too long": (
        edited('"acme-roadworks"', f'"{"a" * 71}"'),
        "slug: expected at most 70 characters, but it has 71",
    ),
    "no such kind": (edited('"acquisition"', '"takeover"'), f"kind: expected one of {KINDS}, not 'takeover'"),
    "a list for a kind": (edited('"acquisition"', "[]"), f"kind: expected one of {KINDS}, not '[]'"),
    "no such claim": (
        edited('"confirmed"', '"rumoured"'),
        "development[1].claim: expected one of confirmed, reported, denied, not 'rumoured'",
    ),
    "no such stage": (
        edited('stage = "signed"', 'stage = "sealed"'),
        f"development[1].stage: expected one of {STAGES}, not 'sealed'",
    ),
    "a stage in what is no deal": (
        edited('"acquisition"', '"product"'),
        "development[1].stage: not allowed: a story of the kind Product is not a deal",
    ),
    "a stage of a denial": (
        edited('claim = "confirmed"', 'claim = "denied"'),
        "development[1].stage: not allowed: a denial changes no stage",
    ),
    "a 13th month": (edited("2025-08-16", "2025-13"), f"development[1].date: {DATES}, not '2025-13'"),
    "a 30th of February": (edited("2025-08-16", "2025-02-30"), f"development[1].date: {DATES}, not '2025-02-30'"),
    "a date in words": (edited("2025-08-16", "August 2025"), f"development[1].date: {DATES}, not 'August 2025'"),
    "a number for a date": (edited('"2025-08-16"', "2025"), f"development[1].date: {DATES}, in quotes"),
    "a TOML date": (edited('"2025-08-16"', "2025-08-16"), f"development[1].date: {DATES}, in quotes"),
    "a bad date of a source": (
        edited('date = "2025-08"', 'date = "last week"'),
        f"development[1].source[1].date: {DATES}, not 'last week'",
    ),
    "a headline too long": (
        edited("Acme to buy Roadworks", "é" * 201),
        "headline: expected at most 200 characters, but it has 201",
    ),
    "a summary too long": (
        edited("Acme is to buy Roadworks.", "x" * 2_001),
        "summary: expected at most 2,000 characters, but it has 2,001",
    ),
    "a text too long": (
        edited("The price was not told.", "x" * 4_001),
        "development[1].text: expected at most 4,000 characters, but it has 4,001",
    ),
    "a control character": (
        edited("The price", "The\\u0007price"),
        "development[1].text: expected no control characters, but it has the control character U+0007",
    ),
    "a terminal's escape": (
        edited("Acme to buy", "\\u001b[31mAcme to buy"),
        "headline: expected no control characters, but it has the control character U+001B",
    ),
    "a line break in a headline": (
        edited("Acme to buy", "Acme\\nto buy"),
        "headline: expected no control characters, but it has a line break",
    ),
    "a link that is a script": (
        edited("https://example.com/acme", "javascript:alert(1)"),
        f"development[1].source[1].url: {LINK}",
    ),
    "a link with a password": (
        edited("https://example.com", "https://me:secret@example.com"),
        f"development[1].source[1].url: {LINK}",
    ),
    "a link without a host": (
        edited("https://example.com/acme", "https:///acme"),
        f"development[1].source[1].url: {LINK}",
    ),
    "a link with a blank": (edited("com/acme", "com/ac me"), f"development[1].source[1].url: {LINK}"),
    "two of one date and headline": (
        story_file(developments=TWIN + TWIN.replace("reported", "confirmed")),
        "development[2]: expected a different date or headline: another development has both",
    ),
    "an id twice": (
        story_file(developments=development("2025", "A", id="x") + development("2025", "B", id="x")),
        "development[2].id: expected each id once, but 'x' appears twice",
    ),
    "a related story that nobody knows": (
        edited("honda-nissan-merger", "no-such-story"),
        "related[1]: no story has the slug 'no-such-story'",
    ),
    "a story related to itself": (
        edited("honda-nissan-merger", "acme-roadworks"),
        "related: expected other stories: a story can't be related to itself",
    ),
    "related as a text": (
        edited('["honda-nissan-merger"]', '"honda-nissan-merger"'),
        "related: expected a list of slugs",
    ),
    "parties as a text": (
        story_file(party="Acme"),
        "party: expected tables, each headed [[party]]",
    ),
    "one development for several": (
        story_file(developments=TWIN.replace("[[development]]", "[development]")),
        "development: expected tables, each headed [[development]]",
    ),
    "a source as a text": (
        story_file(developments=TWIN + 'source = "Wire"\n'),
        "development[1].source: expected tables, each headed [[development.source]]",
    ),
    "a party twice": (
        edited('[[party]]\ncompany = "Acme"\nrole = "buyer"\n', '[[party]]\ncompany = "Acme"\n' * 2),
        "party: expected each company once per role, but one appears twice",
    ),
    "a party without a letter": (
        edited('company = "Acme"', 'company = "!?"'),
        "party[1].company: expected a name with a letter or a digit, not '!?'",
    ),
    "a company without a name": ('[[company]]\ncountry = "JP"\n', "company[1].name: required, but missing"),
    "a country in words": (
        '[[company]]\nname = "Acme"\ncountry = "jp"\n',
        "company[1].country: expected two capital letters such as JP, not 'jp'",
    ),
    "aliases as a text": (
        '[[company]]\nname = "Acme"\naliases = "A"\n',
        "company[1].aliases: expected a list of at most 50 names",
    ),
    "a company and a story in one file": (
        GOOD + '[[company]]\nname = "Acme"\n',
        "slug: unknown key, expected one of company",
    ),
    "a company twice": (
        '[[company]]\nname = "Acme"\n[[company]]\nname = "Acme"\ncountry = "JP"\n',
        "company[2].name: expected each company once, but 'Acme' appears twice",
    ),
    "another company's alias": (
        '[[company]]\nname = "Acme"\naliases = ["hon-hai"]\n',
        "company 'Acme': the name 'hon-hai' already belongs to 'Foxconn'",
    ),
    "another company's name": (
        '[[company]]\nname = "NISSAN"\n',
        "company 'NISSAN': the name 'NISSAN' already belongs to 'Nissan'",
    ),
    "a feed without an address": ('[[feed]]\ntitle = "A"\n', "feed[1].url: required, but missing"),
    "a feed at no web address": ('[[feed]]\nurl = "file:///etc/passwd"\n', f"feed[1].url: {LINK}"),
    "a feed with a password": ('[[feed]]\nurl = "https://a:b@c.example/"\n', f"feed[1].url: {LINK}"),
    "a feed that is trusted in another way": (
        '[[feed]]\nurl = "https://a.example/"\ntrust = "blind"\n',
        "feed[1].trust: expected one of review, auto, not 'blind'",
    ),
    "a feed with an unknown key": (
        '[[feed]]\nurl = "https://a.example/"\nname = "A"\n',
        "feed[1].name: unknown key, expected one of url, title, trust",
    ),
    "one feed twice": (
        '[[feed]]\nurl = "https://a.example/"\n[[feed]]\nurl = "https://a.example/"\n',
        "feed[2].url: expected each address once, but 'https://a.example/' appears twice",
    ),
    "feeds that are no tables": ('feed = "https://a.example/"\n', "feed: expected tables, each headed [[feed]]"),
    "feeds beside a story": (
        '[[feed]]\nurl = "https://a.example/"\n[[party]]\ncompany = "A"\n',
        "party: unknown key, expected one of feed",
    ),
    "an unknown key of an expected event": (
        edited("outcome =", "result ="),
        f"expected[1].result: unknown key, expected one of {EXPECTED_KEYS}",
    ),
    "an expected event without an id": (edited('id = "signing"\n', ""), "expected[1].id: required, but missing"),
    "an expected event without a date": (edited('date = "2025-Q3"\n', ""), "expected[1].date: required, but missing"),
    "a fifth quarter": (edited("2025-Q3", "2025-Q5"), f"expected[1].date: {EXPECTED_DATES}, not '2025-Q5'"),
    "an expected day that is in no calendar": (
        edited("2025-Q3", "2025-02-30"),
        f"expected[1].date: {EXPECTED_DATES}, not '2025-02-30'",
    ),
    "an expected date that is not quoted": (
        edited('"2025-Q3"', "2025-09-30"),
        f"expected[1].date: {EXPECTED_DATES}, in quotes",
    ),
    "a quarter for a development": (
        edited('date = "2025-08-16"', 'date = "2025-Q3"'),
        f"development[1].date: {DATES}, not '2025-Q3'",
    ),
    "an unknown outcome": (
        edited('outcome = "happened"', 'outcome = "late"'),
        "expected[1].outcome: expected one of happened, dropped, not 'late'",
    ),
    "a result of what was dropped": (
        edited('outcome = "happened"', 'outcome = "dropped"'),
        "expected[1].development: only allowed if the outcome is happened",
    ),
    "a reason for what happened": (
        edited('outcome = "happened"', 'outcome = "happened"\nreason = "Why not"'),
        "expected[1].reason: only allowed if the outcome is dropped",
    ),
    "a development that is still to come": (
        edited('date = "2025-08-16"', 'date = "2025-09-03"'),
        f"development[1].date: {NO_LATER}, not 3 Sept 2025; add what is still to come as an expected event",
    ),
    "a result that is in no development": (
        edited('development = "signed"', 'development = "closed"'),
        "expected[1].development: no development has the id 'closed'",
    ),
    "an expected event twice": (
        GOOD + expected("signing", "Another", "2025"),
        "expected[2].id: expected each id once, but 'signing' appears twice",
    ),
    "an expected event with another's date and headline": (
        GOOD + expected("again", "Acme signs for Roadworks", "2025-Q3"),
        "expected[2]: expected a different date or headline: another expected event has both",
    ),
}
