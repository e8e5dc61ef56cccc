"""An editor of the trial week: decides about each article in the desk's channel by its label, and counts the clicks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from benchmarks.clock import TrialClock
from benchmarks.week_articles import LabelledArticle
from benchmarks.week_outcomes import Ledger, has_right_stage_and_claim
from bot.cards import custom_ids
from bot.cards.review import BY_NAME
from bot.model.review import Review, ReviewState
from bot.model.vocabulary import Kind
from bot.store import Store
from cogs.autocomplete import NO_STAGE
from tests.local_discord import Channel, Interaction, LocalDiscord, Message, User

#: A button, or sending a form or a command.
PRESS = 1
#: Opening a menu, or a list as one types, and choosing from it.
CHOOSE = 2
#: How long nothing may happen in the desk's channel while articles wait.
PATIENCE_SECONDS = 90.0
_PAUSE_SECONDS = 0.1
_SECONDS_PER_CLICK = 1.0


class Stalled(Exception):
    """Articles wait for the desk, but its channel does not show them."""


@dataclass(slots=True)
class Editor:
    """Works the review queue in the desk's channel.

    Attributes:
        clicks: how many clicks each article took, by id.
        failures: what the editor wanted and could not do, by article id.
        corrections: how many published developments needed another stage or claim afterwards.
        undone: how many publications were taken back.
    """

    discord: LocalDiscord
    store: Store
    channel: Channel
    user: User
    ledger: Ledger
    clock: TrialClock
    clicks: dict[str, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    corrections: int = 0
    undone: int = 0

    async def work(self) -> None:
        """Decide about everything that waits, oldest first; return when nothing does. Raises Stalled."""
        idle_since = asyncio.get_running_loop().time()
        while True:
            async with self.store.read() as tx:
                reviews = await tx.reviews.list_waiting(0, 40)
            if not reviews:
                return
            shown = [(review, message) for review in reviews if (message := self._find_message(review))]
            if shown:
                await self._decide_all(shown)
                idle_since = asyncio.get_running_loop().time()
            elif asyncio.get_running_loop().time() - idle_since > PATIENCE_SECONDS:
                raise Stalled(f"{len(reviews)} articles or more wait, and none is shown")
            else:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def undo_wrong(self, reviews: list[Review]) -> None:
        """Take back what was published and should not be, as soon as the channel shows it."""
        for review in reviews:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (message := self._find_message(await self._get(review.id), "undo")) is None:
                    await asyncio.sleep(_PAUSE_SECONDS)
            await self._press(message, review, "undo")
            self.ledger.remove(review.slug, review.development_key)
            self.undone += 1

    def _find_message(self, review: Review, action: str = "dismiss") -> Message | None:
        """Return the message of a review if it offers this decision."""
        message = self.channel.history.get(review.message_id or 0)
        button_id = custom_ids.REVIEW.build(action=action, review_id=review.id)
        return message if message is not None and button_id in message.custom_ids else None

    async def _get(self, review_id: int) -> Review:
        async with self.store.read() as tx:
            return await tx.reviews.get(review_id)

    async def _decide_all(self, shown: list[tuple[Review, Message]]) -> None:
        others = []
        for review, message in shown:
            if self.ledger.find_article(review).is_in_story:
                await self._decide(review, message)
            else:
                others.append(self._press(message, review, "dismiss"))
        await asyncio.gather(*others)

    async def _decide(self, review: Review, message: Message) -> None:
        article = self.ledger.find_article(review)
        if article.news in self.ledger.developments:
            await self._mark_re_report(review, message, article)
        elif article.story not in self.ledger.slugs:
            await self._open_story(review, message)
        else:
            await self._publish(review, message, article)
        decided = await self._get(review.id)
        if decided.state is ReviewState.PUBLISHED:
            self.ledger.record(article, decided.slug, decided.development_key)

    async def _publish(self, review: Review, message: Message, article: LabelledArticle) -> None:
        slug = self.ledger.slugs[article.story]
        recommendation = review.recommendation
        suggested = [each for each in (recommendation.story, *recommendation.stories) if each]
        is_complete = has_right_stage_and_claim(self.ledger.articles[article.news], review)
        if suggested[:1] == [slug] and is_complete:
            await self._press(message, review, "publish")
        elif suggested[:1] == [slug]:
            await self._publish_edited(message, review, self.ledger.articles[article.news])
        else:
            await self._choose_story(message, review, slug)
            if not is_complete:
                await self._correct(review, self.ledger.articles[article.news])

    async def _publish_edited(self, message: Message, review: Review, article: LabelledArticle) -> None:
        form = await self._press(message, review, "edit")
        assert form.modal is not None
        changes = self._find_changes(article, review)
        self._count(review, CHOOSE * len(changes) + PRESS)
        await self.discord.submit(form.modal, self.user, changes)

    @staticmethod
    def _find_changes(article: LabelledArticle, review: Review) -> dict[str, str]:
        """Return the stage and the claim that the editor has to change."""
        changes = {}
        if review.recommendation.claim not in article.claims:
            changes["Claim"] = min(article.claims).value
        if review.recommendation.stage not in article.stages:
            stage = min(article.stages, key=str)
            changes["Stage"] = NO_STAGE if stage is None else stage.value
        return changes

    async def _choose_story(self, message: Message, review: Review, slug: str) -> None:
        menu_id = custom_ids.REVIEW_STORY.build(review_id=review.id)
        menu = next(each for each in message.selects if each["custom_id"] == menu_id)
        if slug in [option["value"] for option in menu["options"]]:
            self._count(review, CHOOSE)
            await self.discord.choose(message, self.user, slug, custom_id=menu_id)
            return
        self._count(review, CHOOSE + 2 * PRESS)
        form = await self.discord.choose(message, self.user, BY_NAME, custom_id=menu_id)
        assert form.modal is not None
        await self.discord.submit(form.modal, self.user, {"Story": slug})

    async def _correct(self, review: Review, article: LabelledArticle) -> None:
        """Correct the stage and the claim of a development that was published as suggested."""
        decided = await self._get(review.id)
        changes = {name.lower(): value for name, value in self._find_changes(article, review).items()}
        options: dict[str, Any] = {"story": decided.slug, "development": decided.development_key, **changes}
        self._count(review, PRESS + CHOOSE * len(options) + PRESS)
        self.corrections += 1
        form = await self.discord.slash(self.channel, self.user, "desk correct", **options)
        assert form.modal is not None, (await form.final()).text
        await self.discord.submit(form.modal, self.user)

    async def _mark_re_report(self, review: Review, message: Message, article: LabelledArticle) -> None:
        slug, key = self.ledger.developments[article.news]
        recommendation = review.recommendation
        if recommendation.development_key and (recommendation.story, recommendation.development_key) != (slug, key):
            self.failures[article.id] = "the card suggests another development and offers no choice"
            await self._press(message, review, "dismiss")
            return
        if not recommendation.story and not recommendation.stories:
            self.failures[article.id] = "no story is suggested, so no development can be chosen"
            await self._press(message, review, "dismiss")
            return
        answer = await self._press(message, review, "retold")
        if recommendation.development_key:
            return
        prompt = await answer.final()
        async with self.store.read() as tx:
            story = await tx.stories.get(slug)
        development = next(each for each in story.developments if each.key == key)
        options = [option["value"] for menu in prompt.selects for option in menu["options"]]
        value = next((each for each in options if each.endswith(f":{development.id}")), None)
        if value is None:
            self.failures[article.id] = "its development is not in the menu, because its story is not suggested"
            await self._press(message, review, "dismiss")
            return
        self._count(review, CHOOSE)
        await self.discord.choose(prompt, self.user, value)

    async def _open_story(self, review: Review, message: Message) -> None:
        form = await self._press(message, review, "new")
        assert form.modal is not None
        self._count(review, CHOOSE + PRESS)
        await self.discord.submit(form.modal, self.user, {"Kind": Kind.ACQUISITION.value})

    async def _press(self, message: Message, review: Review, action: str) -> Interaction:
        self._count(review, PRESS)
        button_id = custom_ids.REVIEW.build(action=action, review_id=review.id)
        answer = await self.discord.click(message, self.user, custom_id=button_id)
        if answer.ephemeral and action != "retold":
            raise SystemExit(f"The bot refuses the editor's decision: {(await answer.final()).text}")
        return answer

    def _count(self, review: Review, clicks: int) -> None:
        article = self.ledger.find_article(review)
        self.clicks[article.id] = self.clicks.get(article.id, 0) + clicks
        # The bot slows down whoever clicks faster than a person can.
        self.clock.forward(seconds=_SECONDS_PER_CLICK * clicks)
