"""Stories to draw, and how a picture is looked at."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import Development, Source, Story, StoryListItem
from bot.model.vocabulary import Claim, Kind, Stage
from bot.pictures.partner_graph import Deal


def make_development(
    date: str, claim: Claim = Claim.REPORTED, stage: Stage | None = None, headline: str = ""
) -> Development:
    """Return a development of this date."""
    key = f"{date}-{claim.value}"
    return Development(key, PartialDate.parse(date), headline or f"On {date}", claim, "", stage, (Source("Paper"),))


def story(*developments: Development, kind: Kind = Kind.SUPPLY, headline: str = "Alpha supplies Beta") -> Story:
    """Return a story of these developments."""
    return Story("alpha-beta", headline, "", kind, (), developments)


def deal(stage: Stage | None, *parties: str | Party, kind: Kind = Kind.SUPPLY, disputed: bool = False) -> Deal:
    """Return a deal in a list, the newest first. The first company supplies the others, unless parties have roles."""
    is_open = stage is None or stage.is_open
    with_roles = tuple(
        Party(party, "customer" if index else "supplier") if isinstance(party, str) else party
        for index, party in enumerate(parties)
    )
    names = tuple(party.company for party in with_roles)
    item = StoryListItem("-".join(names).lower(), "A deal", kind, stage, is_open, disputed, PartialDate(2025), names)
    return item, with_roles


def open_picture(png: bytes) -> Image.Image:
    """Return the picture as pixels."""
    return Image.open(io.BytesIO(png)).convert("RGB")


def colours(png: bytes) -> set[tuple[int, ...]]:
    """Return every colour of a picture."""
    picture = open_picture(png)
    counts = picture.getcolors(picture.width * picture.height) or []
    return {colour for _, colour in counts if isinstance(colour, tuple)}


def rgb(colour: str) -> tuple[int, int, int]:
    """Return ``#rrggbb`` as the value of a pixel."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG: 4.5 is enough for small text, 3 for shapes."""
    high, low = sorted((_luminance(rgb(one)), _luminance(rgb(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(pixel: Sequence[int]) -> float:
    parts = [value / 255 for value in pixel]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
