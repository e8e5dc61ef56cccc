"""Follows of companies bring what mentions them, and posts say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.company import Company, Party
from bot.model.delivery_report import DeliveryReport
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import EVERYTHING, Target
from bot.model.follow_settings import FollowSettings
from bot.newsroom.drafts import StoryDraft
from tests.store.delivery import Delivery
from tests.store.material import channel, company, draft, more, news

BMW, NORTHVOLT = company("BMW"), company("Northvolt")


@pytest.fixture
async def cars(delivery: Delivery) -> Delivery:
    await delivery.desk.add_companies([Company("BMW"), Company("Northvolt")], actor="test")
    return delivery


async def follow(delivery: Delivery, number: int, *targets: Target, mode: DeliveryMode = DeliveryMode.INSTANT) -> None:
    for target in targets:
        await delivery.subscriptions.follow(channel(number), target, created_by=1, settings=FollowSettings(mode=mode))


def labels(delivery: Delivery, number: int) -> list[tuple[str, ...]]:
    """Return why each post in a channel arrived: the companies that its story only mentions."""
    return [item.mentioned_companies for post in delivery.publisher.sent_to(number) for item in post.items]


def in_summary(story: StoryDraft, summary: str) -> StoryDraft:
    assert story.header is not None
    return replace(story, header=replace(story.header, summary=summary))


async def reports(delivery: Delivery, number: int) -> list[DeliveryReport]:
    async with delivery.store.read() as tx:
        return list(await tx.delivery_reports.build(await tx.stories.get("alpha-beta"), number))


async def test_a_follower_gets_what_names_the_company(cars: Delivery) -> None:
    """Of a story that names it in one development, the others do not come."""
    await follow(cars, 1, BMW)
    await cars.publish(draft("alpha-beta", news("Alpha talks"), news("BMW joins"), news("Beta waits")))
    await cars.send_due()
    assert cars.publisher.headlines(1) == ["BMW joins"]
    assert labels(cars, 1) == [("BMW",)]


async def test_a_story_whose_summary_names_the_company_comes_whole(cars: Delivery) -> None:
    await cars.publish(in_summary(draft(), "Its clients are BMW and others."))
    await follow(cars, 1, BMW)
    await cars.publish(more("alpha-beta", news("A new development")))
    await cars.send_due()
    assert cars.publisher.headlines(1) == ["A new development"]


async def test_a_destination_gets_a_development_once(cars: Delivery) -> None:
    """If it follows anything else that matches, the mention is not the reason."""
    await follow(cars, 1, BMW, NORTHVOLT)
    await follow(cars, 2, BMW, company("BMW"), EVERYTHING)
    await cars.publish(draft("alpha-beta", news("BMW and Northvolt join")))
    await cars.send_due()
    assert labels(cars, 1) == [("BMW", "Northvolt")]
    assert labels(cars, 2) == [()]


async def test_a_party_is_not_said_to_be_mentioned(cars: Delivery) -> None:
    await follow(cars, 1, BMW)
    await cars.publish(draft("alpha-beta", news("BMW joins"), parties=("BMW", "Beta")))
    await cars.send_due()
    assert labels(cars, 1) == [()]


async def test_a_digest_carries_the_reason_too(cars: Delivery) -> None:
    await follow(cars, 1, BMW, mode=DeliveryMode.DAILY)
    await cars.publish(draft("alpha-beta", news("BMW joins")))
    cars.clock.now += timedelta(days=1)
    await cars.send_due()
    assert labels(cars, 1) == [("BMW",)]


async def test_a_correction_takes_back_the_reason(cars: Delivery) -> None:
    """The post stays, but does not claim that the story mentions what it no longer does."""
    await follow(cars, 1, BMW)
    await cars.publish(draft("alpha-beta", news("BMW joins", key="told")))
    await cars.send_due()
    await cars.desk.correct("alpha-beta", "told", {"headline": "Beta joins", "text": ""}, actor="test")
    await cars.send_due()
    (edited,) = cars.publisher.edited_posts
    assert [item.mentioned_companies for item in edited.items] == [()]


async def test_a_company_that_becomes_a_party_is_not_mentioned(cars: Delivery) -> None:
    await follow(cars, 1, BMW)
    await cars.publish(draft("alpha-beta", news("BMW joins", key="told")))
    await cars.send_due()
    parties = (Party("Alpha"), Party("BMW"))
    await cars.desk.edit_story("alpha-beta", lambda header: replace(header, parties=parties), actor="test")
    assert [report.mentioned_companies for report in await reports(cars, 1)] == [()]


async def test_why_agrees_with_what_was_posted(cars: Delivery) -> None:
    await follow(cars, 1, BMW)
    await cars.publish(draft("alpha-beta", news("Alpha talks"), news("BMW joins")))
    await cars.send_due()
    assert [(report.reason_code.value, report.mentioned_companies) for report in await reports(cars, 1)] == [
        ("no follow", ()),
        ("posted", ("BMW",)),
    ]


async def test_names_learnt_later_announce_nothing(cars: Delivery) -> None:
    """Older developments won't be posted."""
    await cars.publish(draft("alpha-beta", news("Kia's day")))
    await cars.desk.add_companies([Company("Kia")], actor="test")
    await follow(cars, 1, company("Kia"))
    await cars.desk.add_companies([Company("Kia", ("Kia Motors",))], actor="test")
    await cars.send_due()
    assert cars.publisher.headlines(1) == []
