"""What a worker that reads pages can do, and what it loads beforehand. Run as a program, it is that worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.newsroom.parsing.codec_tables import load_codecs
from bot.newsroom.parsing.page_extraction import extract_page
from bot.subprocesses.worker import serve


def run_page_job(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """Return one part with the lead of a page."""
    return [{"page": extract_page(body, header["url"], header["content_type"], datetime.fromisoformat(header["now"]))}]


JOBS: dict[str, Callable[[Mapping[str, str], bytes], list[dict[str, Any]]]] = {"page": run_page_job}

_SAMPLE_PAGE = b"""<!doctype html><html lang="en"><head><title>A</title><meta property="article:published_time" content="2026-01-02T03:04:05Z"></head>
<body><article><h1>A</h1><p>One sentence that is long enough to be taken for a text by anybody who reads it.</p></article></body></html>"""


def warm_up() -> None:
    """Load all that the job loads late, because a worker can open no file afterwards."""
    load_codecs()
    header = {"url": "https://a.example/", "content_type": "text/html", "now": "2026-01-03T00:00:00+00:00"}
    run_page_job(header, _SAMPLE_PAGE)


def main() -> None:
    """Read pages until the bot is gone."""
    serve(JOBS, warm_up)


if __name__ == "__main__":
    main()
