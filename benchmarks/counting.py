"""What stands in the channels, held against what was published."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.places import CROWD_NEWS, CROWD_NUMBER, STRUCK, TOLD, Sort, Spot, shown
from benchmarks.trial import Tale, Trial
from tests.local_discord import Message


@dataclass
class Tally:
    """What was found at the end.

    ``due`` is every news in every spot, but for one that was retracted before it arrived there. ``seen`` stand, or stood in
    a thread that was deleted. ``lost`` are in no message, ``duplicated`` in two; ``outdated`` do not show the last correction,
    or not that they were retracted. A story has one card and one thread in a spot: ``cards`` are those
    that stand, ``cards_twice`` those beyond it, ``cards_outdated`` show the story as it was. ``unpublished`` messages of
    announcement channels were not copied, or not once.
    """

    due: int = 0
    seen: int = 0
    lost: int = 0
    duplicated: int = 0
    outdated: int = 0
    cards: int = 0
    cards_twice: int = 0
    cards_outdated: int = 0
    unpublished: int = 0

    @property
    def faults(self) -> int:
        """All that must not be."""
        of_news = self.lost + self.duplicated + self.outdated
        return of_news + self.cards_twice + self.cards_outdated + self.unpublished


async def count(trial: Trial) -> Tally:
    """Go through every spot; what is wrong there is named on a line of its own."""
    tally = Tally()
    await trial.load_stages_and_titles()
    for spot in trial.spots:
        for complaint in (*_news(trial, spot, tally), *_cards(trial, spot, tally), *_published(trial, spot, tally)):
            print(f"{spot.sort.value}: {complaint}", flush=True)
    for complaint in _crowd(trial, tally):
        print(f"crowd: {complaint}", flush=True)
    return tally


def _crowd(trial: Trial, tally: Tally) -> Iterator[str]:
    # The first news of the crowd's story was told before anybody followed it.
    told = range(2, trial.crowd_told + 1)
    for channel in trial.crowd:
        seen = collections.Counter(
            int(number) for message in channel.history.after() for number in CROWD_NEWS.findall(message.text)
        )
        for number in told:
            tally.due += 1
            tally.seen += seen[number] > 0
            tally.lost += not seen[number]
            tally.duplicated += seen[number] > 1
            if seen[number] != 1:
                yield f"news {number} stands {seen[number]} times in {channel.name}"


def _news(trial: Trial, spot: Spot, tally: Tally) -> Iterator[str]:
    seen: collections.Counter[int] = collections.Counter()
    versions: dict[int, int] = {}
    struck: set[int] = set()
    for message in spot.posts(trial.discord):
        for number, version in shown(message):
            seen[number] += 1
            versions[number] = version
        struck |= {int(number) for number in STRUCK.findall(message.text)}
    deleted = trial.deleted[spot.sort]
    for number, version in trial.versions.items():
        if number in trial.retracted and number not in seen and number not in deleted:
            continue
        tally.due += 1
        tally.seen += number in seen or number in deleted
        if number not in seen and number not in deleted:
            tally.lost += 1
            yield f"news {number} is lost"
        if seen[number] > 1:
            tally.duplicated += 1
            yield f"news {number} stands {seen[number]} times"
        if versions.get(number, version) != version:
            tally.outdated += 1
            yield f"news {number} is shown in version {versions[number]}, not {version}"
        if number in seen and (number in struck) != (number in trial.retracted):
            tally.outdated += 1
            yield f"news {number} is {'' if number in struck else 'not '}struck through"


def _cards(trial: Trial, spot: Spot, tally: Tally) -> Iterator[str]:
    found: dict[int, list[Message]] = collections.defaultdict(list)
    for card in spot.cards(trial.discord):
        told = TOLD.search(card.text)
        found[int(told[1]) if told else 0].append(card)
    for tale in trial.tales:
        cards = found.pop(tale.number, [])
        tally.cards += len(cards)
        # A card in a channel stays when its thread is deleted, and the next one opens another.
        # A story that another was merged into keeps the cards of both.
        family = {tale.number, *tale.merged}
        bereft = sum(trial.bereft[spot.sort, number] for number in family) if spot.sort is Sort.THREADS else 0
        most = len(family) + bereft
        if len(cards) > most:
            tally.cards_twice += len(cards) - most
            yield f"story {tale.number} has {len(cards)} cards"
        for card in cards:
            said = _outdated(trial, tale, card)
            tally.cards_outdated += bool(said)
            if said:
                yield f"the card of story {tale.number} {said}"
    found.pop(CROWD_NUMBER, None)
    for number, cards in found.items():
        tally.cards_outdated += len(cards)
        yield f"{len(cards)} cards show story {number}, which is none any more"


def _outdated(trial: Trial, tale: Tale, card: Message) -> str:
    """Return what a card, or the name of its thread, does not show as it is; empty when all is."""
    match = TOLD.search(card.text)
    news = dict(shown(card))
    wrong = [number for number, version in news.items() if trial.versions[number] != version]
    thread = trial.discord.thread_of(card) or (card.channel if card.channel.is_thread else None)
    if match is None or match[0] != tale.headline:
        return f"has another headline: {match[0] if match else ''}"
    newest = {max(standing)} if (standing := set(tale.news) - trial.retracted) else set()
    if wrong or news.keys() & trial.retracted or newest - news.keys():
        return f"shows {news}, and not {newest}; or it was otherwise"
    if thread is not None and thread.name != trial.titles[tale.number]:
        return f"opens a thread named {thread.name}"
    tags = thread.tag_names if thread is not None and card.channel is thread else None
    if tags is not None and tags != [stage for stage in [trial.stages[tale.number]] if stage]:
        return f"is tagged {tags}, and not {trial.stages[tale.number]}"
    return ""


def _published(trial: Trial, spot: Spot, tally: Tally) -> Iterator[str]:
    if spot.sort is Sort.ANNOUNCED:
        for message in spot.posts(trial.discord):
            copies = len(message.copies)
            if copies != 1 or not message.published:
                tally.unpublished += 1
                yield f"message {message.id} has {copies} copies"
