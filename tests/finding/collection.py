"""A larger collection to ask questions of: the invented stories beside this file, and hundreds generated around them.

The same on every machine: the generator is seeded, and nothing in it depends on the time.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.model.company import Company, Party
from bot.model.dates import PartialDate
from bot.model.story import Development, Source, Story
from bot.model.vocabulary import Claim, Kind, Stage

HERE = Path(__file__).parent
SEED = 20250901

_BEGINNINGS = "Bel Tav Cor Mun Dra Vel Pol Ras Ker Zan Lum Fen Gor Hes Jad Wil Nor Ost Pra Sib Tul Ulm Vin Yor".split()
_MIDDLES = "a e i o u ar en il or un".split()
_ENDINGS = "cora dex lith mont nova pex ria sen tec vik wood zone bury dale ford hart".split()
_TRADES = "Foods Steel Logistics Software Textiles Chemicals Power Foundries Dairy Paper Optics Cement Travel".split()
_FORMS = {
    "US": "Inc.",
    "DE": "AG",
    "FR": "SA",
    "GB": "plc",
    "JP": "Co., Ltd.",
    "IT": "S.p.A.",
    "NL": "N.V.",
    "SE": "AB",
}
_SCRIPTS = {
    "JP": ("東西南北山川海空", "製作所"),
    "CN": ("金木水火土天地人", "集团"),
    "KR": ("가나다라마바사아", "산업"),
}
_MATTERS = ("cold stores warehouses turbines bottling ferries vaccines glass pumps tyres seeds lorries lenses paints"
    " satellites tunnels crates bearings valves boilers yarn").split()  # fmt: skip
_PLACES = "Leeds Łódź Turin Osaka Lagos Lima Perth Gdańsk Nantes Graz Porto Bergen Cork Lyon Ghent Turku".split()
#: How a story of a kind is headed; {a} and {b} are companies, {m} what it is about, {p} where.
_HEADLINES = {
    Kind.MERGER: "{a} and {b} to merge their {m} business",
    Kind.ACQUISITION: "{a} makes an offer for {b} and its {m}",
    Kind.STAKE: "{a} takes a share of {b}",
    Kind.JOINT_VENTURE: "{a} and {b} found a venture for {m} in {p}",
    Kind.ALLIANCE: "{a} and {b} work together on {m}",
    Kind.SUPPLY: "{a} to deliver {m} to {b}",
    Kind.CONTRACT_MANUFACTURING: "{a} has {m} made by {b} in {p}",
    Kind.LICENSING: "{b} may use the {m} patents of {a}",
    Kind.FINANCING: "{a} raises money for {m} from {b}",
    Kind.PRODUCT: "{a} shows new {m}",
    Kind.PLANT: "{a} opens a works for {m} in {p}",
    Kind.POLICY: "New rules for {m} touch {a}",
    Kind.PEOPLE: "{a} names a head for its {m}",
    Kind.RESULTS: "{a} earns more with {m}",
    Kind.EVENT: "{a} invites to its {m} day in {p}",
    Kind.OTHER: "{a} has a fire among its {m} in {p}",
}
_PATH = (Stage.RUMOURED, Stage.TALKS, Stage.AGREED, Stage.SIGNED, Stage.REVIEW)


def invented_companies() -> tuple[Company, ...]:
    """Return the companies that the questions name."""
    found = tomllib.loads((HERE / "companies.toml").read_text(encoding="utf-8"))["company"]
    return tuple(Company(c["name"], tuple(c["aliases"]), c.get("country", ""), c.get("ticker", "")) for c in found)


def invented_stories() -> tuple[Story, ...]:
    """Return the stories that the questions are about."""
    return tuple(map(_told, tomllib.loads((HERE / "stories.toml").read_text(encoding="utf-8"))["story"]))


def generated(companies: int = 300, stories: int = 450) -> tuple[tuple[Company, ...], tuple[Story, ...]]:
    """Return what stands around them: companies of two or three names, and stories of every kind among those companies."""
    chance = random.Random(SEED)  # noqa: S311 - a seeded collection, no secret
    known = tuple(_companies(chance, companies))
    return known, tuple(_story(chance, number, known) for number in range(stories))


def _told(given: dict[str, Any]) -> Story:
    parties = tuple(Party(name) for name in given["parties"])
    news = [_development(f"n{n}", *told) for n, told in enumerate(given["news"])]
    kind, headline = Kind(given["kind"]), given["headline"]
    return Story(given["slug"], headline, f"{headline}.", kind, parties, tuple(news))


def _development(key: str, date: str, said: str, headline: str) -> Development:
    claim = Claim(said) if said in list(Claim) else Claim.REPORTED
    stage = Stage(said) if said in list(Stage) else None
    return Development(key, PartialDate.parse(date), headline, claim, stage=stage, sources=(Source("Wire"),))


def _companies(chance: random.Random, count: int) -> Iterator[Company]:
    taken: set[str] = set()
    while len(taken) < count:
        stem = chance.choice(_BEGINNINGS) + chance.choice(_MIDDLES) + chance.choice(_ENDINGS)
        trade = chance.choice(["", *_TRADES])
        if stem in taken:
            continue
        taken.add(stem)
        country = chance.choice(list(_FORMS) + list(_SCRIPTS))
        name = f"{stem} {trade}".strip()
        aliases = [stem] if trade else []
        if country in _FORMS:
            aliases.append(f"{name} {_FORMS[country]}")
        if country in _SCRIPTS:
            signs, ending = _SCRIPTS[country]
            aliases.append("".join(chance.choices(signs, k=4)) + ending)
        ticker = f"{chance.randrange(1300, 1990)}.T" if country == "JP" else ""
        yield Company(name, tuple(dict.fromkeys(aliases)), country, ticker)


def _story(chance: random.Random, number: int, companies: tuple[Company, ...]) -> Story:
    kind = chance.choice(list(Kind))
    a, b = chance.sample(companies, 2)
    told = {"a": a.name, "b": b.name, "m": chance.choice(_MATTERS), "p": chance.choice(_PLACES)}
    headline = _HEADLINES[kind].format(**told)
    parties = [a, b] if "{b}" in _HEADLINES[kind] else [a]
    developments = tuple(_course(chance, headline, kind))
    slug = f"story-{number:03d}-{told['m']}"
    return Story(slug, headline, f"{headline}.", kind, tuple(Party(c.name) for c in parties), developments)


def _course(chance: random.Random, headline: str, kind: Kind) -> Iterator[Development]:
    """One to four developments in the months before 2025; a deal's stages go on, and some deals end."""
    month = chance.randrange(2020 * 12, 2024 * 12)
    begin, length = chance.randrange(len(_PATH)), chance.randrange(1, 5)
    stages = [
        *_PATH[begin : begin + length - 1],
        chance.choice([*_PATH, Stage.COMPLETED, Stage.COMPLETED, Stage.LAPSED]),
    ]
    for place, stage in enumerate(stages[:length]):
        month += chance.randrange(1, 4)
        date = PartialDate(month // 12, month % 12 + 1)
        news = headline if place == 0 else f"{headline}, part {place + 1}"
        yield Development(f"n{place}", date, news, Claim.REPORTED, stage=stage if kind.is_deal else None)
