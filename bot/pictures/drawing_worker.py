"""The process that draws: it gets plans and returns pictures."""

from __future__ import annotations

from collections.abc import Mapping

from bot.pictures.plan import decode_plan
from bot.subprocesses.worker import serve


def run_draw_job(_header: Mapping[str, str], body: bytes) -> bytes:
    """Return the picture of an encoded plan, as PNG."""
    from bot.pictures.draw import draw

    return draw(decode_plan(body))


def warm_up() -> None:
    """Load matplotlib, which takes longer than to draw, while nothing that a library prints can reach the pipes."""
    import bot.pictures.draw  # noqa: F401 - loaded for later


def main() -> None:
    """Draw until the bot is gone. Fonts and message catalogues are read when they are first needed."""
    serve({"draw": run_draw_job}, warm_up, may_open_files=True)


if __name__ == "__main__":
    main()
