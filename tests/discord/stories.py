"""Stories that tests tell: plain ones, many of them, hostile ones, and one that is as large as it may be."""

from __future__ import annotations

from typing import Any

from tests.discord.stage import Scene

#: What people put into texts to ping, to mislead, to break a card. ``{role}``, ``{user}``, ``{channel}`` are real ids.
HOSTILE = [
    "@everyone @here look",
    "<@&{role}> <@{user}> <#{channel}>",
    "</deal:1> <:e:1> <t:0:R> <id:customize>",
    "[free money](https://evil.example/)",
    "\u202egnp.exe \u2066hidden\u2069 \u200bzero",
    "# big\n> quote\n```code",
    "**bold** ||spoiler|| ~~gone~~ `tick`",
]


def a_story(slug: str, **fields: Any) -> dict[str, Any]:
    """Return a supply deal between Acme and Bolt in the form of a story file, with ``fields`` changed."""
    story: dict[str, Any] = {
        "slug": slug,
        "headline": slug.replace("-", " ").capitalize(),
        "summary": "Acme supplies Bolt.",
        "kind": "supply",
        "party": [{"company": "Acme", "role": "supplier"}, {"company": "Bolt", "role": "buyer"}],
        "development": [{"date": "2025-05", "headline": f"News of {slug}", "claim": "reported", "stage": "talks"}],
    }
    return {**story, **fields}


async def tell_many(scene: Scene, count: int, **fields: Any) -> None:
    """Publish so many deals of Acme and Bolt; the last is the newest."""
    for number in range(count):
        day = f"2025-{1 + number // 28:02d}-{1 + number % 28:02d}"
        news = [{"date": day, "headline": f"News number {number:03d}", "claim": "reported", "stage": "talks"}]
        await scene.tell(a_story(f"deal-number-{number:03d}", development=news, **fields))


def hostile_story(text: str) -> dict[str, Any]:
    """Return a story that has the text wherever it shows a text from outside."""
    line = " ".join(text.split())
    source = {"publisher": line[:100], "title": line, "url": "https://news.example/a"}
    return a_story(
        "hostile",
        headline=f"Acme: {line}",
        summary=text,
        party=[{"company": f"Acme {line}"[:100], "role": line[:100]}, {"company": "Bolt"}],
        development=[
            {"id": "claimed", "date": "2025", "headline": line, "text": text, "claim": "reported", "source": [source]},
            {"id": "denied", "date": "2025-02", "headline": f"No: {line}", "claim": "denied", "source": [source]},
            {"id": "off", "date": "2025-03", "headline": f"Off: {line}", "claim": "reported", "retracted": line},
        ],
    )


def largest_story(mark: str = "W") -> dict[str, Any]:
    """Return a story with every text at its limit, 60 developments and 20 parties; ``mark`` fills the texts."""
    words = (mark * 9 + " ") * 500
    developments = [
        {
            "id": f"development-{number}",
            "date": "2025-05",
            "headline": f"Number {number:02d} {words}"[:200].strip(),
            "text": words[: 4000 if number % 30 == 0 else 200].strip(),
            "claim": ("reported", "confirmed", "denied")[number % 3],
            **({} if number % 3 == 2 else {"stage": ("talks", "signed")[number % 2]}),
            "source": [{"publisher": words[:100].strip(), "title": words[:400].strip()}] * (5 if number == 0 else 0),
        }
        for number in range(60)
    ]
    return a_story(
        "largest",
        headline=f"Largest {words}"[:200].strip(),
        summary=words[:2000].strip(),
        party=[{"company": f"P{n} {words}"[:100].strip(), "role": words[:100].strip()} for n in range(20)],
        development=developments,
    )
