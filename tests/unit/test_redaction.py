"""Secrets are removed from texts wherever they may be, and nothing else is."""

from __future__ import annotations

import pytest

from bot.newsroom.feeds.address_guard import abbreviate
from bot.newsroom.parsing.urls import clean_link
from bot.redaction import REDACTED, TEXT_LIMIT, Redactor, find_passwords, is_webhook, redact, redact_prose

CANARY = "Canary-4711_xyz"
DISCORD = "https://discord.com/api"
BOT_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE." + "x" * 38


@pytest.mark.parametrize(
    "text",
    [
        f"https://me:{CANARY}@feeds.example/a",
        f"https://{CANARY}@feeds.example/a",
        f"postgresql://me:{CANARY}@host/db",
        f"postgresql+psycopg://me:a/b#{CANARY}@host/db",
        f"postgresql://me:p@{CANARY}@host/db",
        f"//me:{CANARY}@host",
        f"URL('http://me:{CANARY}@[::1]:80/')",
        f"https://feeds.example/rss?id=1&token={CANARY}&page=2",
        f"https://feeds.example/rss?feed_token={CANARY}",
        f"sqlite:///x.db?password={CANARY}",
        f"{DISCORD}/webhooks/123456789012345678/{CANARY}",
        f"{DISCORD}/v10/webhooks/1/{CANARY}/messages/@original",
        f"POST http://127.0.0.1:9000/api/v10/interactions/123456789012345678/{CANARY}/callback with",
        f"major parameters '123456789012345678+{CANARY}{CANARY}'",
        f"{{'token': '{CANARY}', 'version': 1}}",
        f'{{"token":"{CANARY}"}}',
        f'"{{\\"access_token\\": \\"{CANARY}\\"}}"',
        f"Authorization: Bot {CANARY}",
        f"<CIMultiDict('Proxy-Authorization': 'Basic {CANARY}')>",
        f"the token {BOT_TOKEN} ",
        f"('Authorization', 'Bot {CANARY}')",
        f"authorization=Bearer {CANARY}",
    ],
)
def test_a_secret_is_removed(text: str) -> None:
    redacted = redact(text)
    assert CANARY not in redacted
    assert BOT_TOKEN not in redacted
    assert REDACTED in redacted


@pytest.mark.parametrize(
    "text",
    [
        "Nissan: talks @ Oppama, 12:30",
        "https://paper.example:8080/@author/a?b=c&id=4#d@e",
        "https://[::1]:80/a@b",
        "mailto:me@example.org",
        "[a](https://x.io)@everyone https://x.io@everyone",
        "https://paper.example/interactions/2026/signed",
        "https://paper.example/webhooks/2026/how-to",
        "The token of the talks: 12+13, keyboard=1",
        "1.2.3 a.b.c",
        "Pfizer: emergency authorization, expected in May, is delayed",
        "ssh://git@github.com/org/repo and git@github.com:org/repo",
        "Apple's https://x/@user: ratio 3:1 @ Nasdaq, token: $5",
    ],
)
def test_other_text_is_kept(text: str) -> None:
    assert redact(text) == text
    assert redact_prose(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"Nissan says //me:{CANARY}@host is down",
        f"https://{CANARY}@feeds.example/a",
        f"{DISCORD}/webhooks/123456789012345678/{CANARY}",
        f"see https://feeds.example/rss?id=1&access_token={CANARY}&page=2",
        f"https://feeds.example/rss?token={CANARY}",
        f"https://feeds.example/rss?api-key={CANARY}",
        f"the token {BOT_TOKEN} ",
    ],
)
def test_prose_loses_what_can_only_be_a_secret(text: str) -> None:
    redacted = redact_prose(text)
    assert CANARY not in redacted
    assert BOT_TOKEN not in redacted
    assert REDACTED in redacted


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Nissan gets approval for Oppama",
        "FDA authorization, Pfizer says: not before May",
        'Critics on “Secret”: \'a triumph\'; "Password": "Nissan\'s new film"',
        "https://paper.example/story?key=abc&sig=def&auth=ghi&pwd=jkl",
        "https://paper.example/story?shareToken=abc and https://paper.example/story?gift_token=abc",
        "AT&T;key=value, R&D;token=5, Did it close?yes=no",
        "https://medium.com/@name/story mailto:me@example.org https://t.me/s/@name",
        "Ein sehr langes Wort: Donaudampfschifffahrtsgesellschaft.nächste.Donaudampfschifffahrtsgesellschaft",
        "日産自動車株式会社は追浜工場での電気自動車の生産について.協議しています.日産自動車株式会社は追浜工場での電気自動車の生産",
    ],
)
def test_prose_keeps_what_is_news(text: str) -> None:
    """Also words that are a header or a field in a log line, and links, which readers must be able to open."""
    assert redact_prose(text) == text


@pytest.mark.parametrize(
    "text", [f"me:{CANARY}@host.example/a", f"http:\\\\me:{CANARY}@host/", f"ftp://me:{CANARY}@host/"]
)
def test_a_mistyped_address_is_shown_without_its_password(text: str) -> None:
    assert CANARY not in abbreviate(text)


def test_a_known_secret_is_found_in_other_spellings() -> None:
    redactor = Redactor(["pä'ss\"/w\\ö%rd", ""])
    for text in (
        "pä'ss\"/w\\ö%rd",
        "p%C3%A4%27ss%22%2Fw%5C%C3%B6%25rd",
        repr("pä'ss\"/w\\ö%rd"),
        ascii("pä'ss\"/w\\ö%rd"),
    ):
        assert redactor.redact(f"a {text} b").count(REDACTED) == 1, text


def test_a_short_secret_does_not_destroy_the_log() -> None:
    assert Redactor(["a"]).redact("a and b") == "a and b"


def test_passwords_are_found_in_settings() -> None:
    assert find_passwords("postgresql://me:p@ss/word@host/db?sslpassword=other") == [
        "p@ss/word",
        "bWU6cEBzcy93b3Jk",
        "other",
    ]
    assert find_passwords("postgresql://me@host/db") == []
    assert find_passwords("INFO") == []
    assert find_passwords("mailto:operator@example.org") == [], "a word that the log needs"


@pytest.mark.parametrize(
    "unit",
    ["//a:", "@", "/webhooks/1/", "'token':'", "a" * 50 + ".", "x=", "//a:b@", "?key=", "a.", "?a-", "//a:b c@", "1+"],
)
def test_hostile_text_is_handled(unit: str) -> None:
    """A pattern that looks back and forth without a limit would not return from this."""
    text = (unit * TEXT_LIMIT)[:TEXT_LIMIT]
    assert redact(text)
    assert redact_prose(text)
    assert Redactor(["secret"]).redact(f"{text} {text}").endswith(" …")


@pytest.mark.parametrize("path", ["/api/webhooks/1/x", "/api/v10/webhooks/1/x", "/api/web%68ooks/1/x"])
def test_a_webhook_is_no_link_of_an_article(path: str) -> None:
    assert is_webhook(f"https://discord.com{path}")
    assert is_webhook(f"https://ptb.discordapp.com{path}")
    assert clean_link(f"https://discord.com{path}") == ""
    assert clean_link(f"https://paper.example{path}") != ""
