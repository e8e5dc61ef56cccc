"""One paste: the address of an article becomes a draft, and the draft a development.

The page says publisher, title and date, the tracker the story, its words the claim and the stage. The editor sees all of
it before anything is published. Drafts are stored, so they survive a restart.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import FetchError, NotAllowed, ParsingError
from bot.extras import PAGES
from bot.languages import lazy, say
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT, Article
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.publication_draft import PublicationDraft, propose_stage
from bot.model.review import Recommendation
from bot.model.story import Source, Story
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.article_drafts import get_host_label, shorten
from bot.newsroom.article_matches import StoryJudge, choose_slug
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft, StoryHeader, parse_development
from bot.newsroom.feeds.feed_tools import FeedTools
from bot.newsroom.feeds.pasted_addresses import read_address
from bot.newsroom.field_validation import HEADLINE_LIMIT, NAME_LIMIT, SUMMARY_LIMIT, check_url
from bot.newsroom.parsing import PageLead
from bot.newsroom.parsing.identity import IdentityFields, build_article_id
from bot.newsroom.parsing.urls import clean_link
from bot.newsroom.revision import find_matching_development
from bot.newsroom.story_files import get_source_fields
from bot.newsroom.story_writer import PublishOutcome
from bot.store import Store

#: How long to wait for a page; an editor waits for it.
TIMEOUT_SECONDS = 15.0
#: How long a draft is kept.
RETENTION = timedelta(days=7)
_LEAD_LIMIT = 700
#: How many of the companies that an article names become parties of a new story.
_PARTY_LIMIT = 6
EXPIRED = lazy("This draft was published or discarded, or it has expired. Start again with `/desk publish`.")


@dataclass(frozen=True, slots=True)
class KnownFields:
    """What the editor says of an article before its page is read; what is empty or None, the page or the tracker shall say.

    Attributes:
        slug: of the story; empty for a new one.
        sources: the first is the page's own, if it is the page's link alone.
        fallback_headline, fallback_publisher: taken only if the page does not say.
    """

    slug: str | None = None
    headline: str = ""
    text: str = ""
    date: PartialDate | None = None
    sources: tuple[Source, ...] = ()
    claim: Claim | None = None
    stage: Stage | None = None
    kind: Kind | None = None
    fallback_headline: str = ""
    fallback_publisher: str = ""


class PastedArticles:
    """Drafts of pasted articles. ``open_judge`` is called when the first article is pasted."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        feed_tools: FeedTools,
        clock: Clock,
        zone: ZoneInfo,
        open_judge: Callable[[], StoryJudge],
    ) -> None:
        self._store = store
        self._desk = desk
        self._feed_tools = feed_tools
        self._clock = clock
        self._zone = zone
        self._open_judge = functools.cache(open_judge)

    def with_judge(self, judge: StoryJudge) -> PastedArticles:
        """Return the same service with another judge."""
        return PastedArticles(self._store, self._desk, self._feed_tools, self._clock, self._zone, lambda: judge)

    async def paste(self, address: str, known: KnownFields | None = None) -> PublicationDraft:
        """Read the page at an address, and store a draft of what it says. Raises InputError if it is no address.

        If the page cannot be read, the draft says why, and has what is known without it. Without an address there is no page.
        """
        known = known or KnownFields()
        page = await self._read_page(check_url("address", read_address(address)), known) if address else None
        today = PartialDate.from_date(self._clock().astimezone(self._zone).date())
        title = known.headline or (page.article.title if page else "")
        article = self._build_article(title, page.article if page else None, known)
        recommendation = (await self._open_judge().preview([article]))[0] if title else _NO_RECOMMENDATION
        async with self._store.write() as tx:
            slug = choose_slug(recommendation) if known.slug is None else known.slug
            story = await tx.stories.find(slug) if slug else None
            draft = PublicationDraft(
                headline=shorten(title, HEADLINE_LIMIT),
                # Nothing says on which earlier day an undated article was published.
                date=known.date or ((page.date or replace(today, is_bounded=True)) if page else today),
                sources=_merge_sources(page, known.sources),
                recommendation=recommendation,
                slug=story.slug if story else "",
                kind=known.kind or Kind.OTHER,
                parties=tuple(Party(company) for company in recommendation.companies[:_PARTY_LIMIT]),
                claim=known.claim or recommendation.claim,
                stage=known.stage or propose_stage(recommendation.stage, story),
                text=known.text,
                lead=page.article.text[:_LEAD_LIMIT] if page else "",
                problem=page.problem if page else "",
            )
            return await tx.publication_drafts.add(draft, self._clock())

    async def get(self, draft_id: int) -> PublicationDraft:
        """Return a draft. Raises NotAllowed if there is none of this id any more."""
        async with self._store.read() as tx:
            return _require(await tx.publication_drafts.find(draft_id))

    async def change(self, draft_id: int, change: Callable[[PublicationDraft], PublicationDraft]) -> PublicationDraft:
        """Change a draft and return it. Raises NotAllowed if there is none of this id any more."""
        async with self._store.write() as tx:
            draft = change(_require(await tx.publication_drafts.find(draft_id)))
            await tx.publication_drafts.save(draft)
        return draft

    async def choose_story(self, draft_id: int, slug: str) -> PublicationDraft:
        """Choose the story of a draft, a new one if the slug is empty. Raises NotFound if the story is gone."""
        async with self._store.write() as tx:
            draft = _require(await tx.publication_drafts.find(draft_id))
            story = await tx.stories.get(slug) if slug else None
            stage = draft.stage or propose_stage(draft.recommendation.stage, story)
            draft = replace(draft, slug=story.slug if story else "", stage=stage)
            await tx.publication_drafts.save(draft)
        return draft

    async def publish(self, draft_id: int, *, actor: str) -> PublishOutcome:
        """Publish a draft, once: it is gone then. Raises InputError, and keeps it, if something is missing or wrong.

        If the story has that development already, also under a former headline, the article becomes a source of it.
        """
        async with self._desk.transaction(actor) as writer:
            draft = _require(await writer.tx.publication_drafts.find(draft_id))
            story = await writer.tx.stories.get(draft.slug) if draft.slug else None
            development = _build_development(draft, story)
            if story is None:
                outcome = await writer.open_story(_build_header(draft), (development,))
            else:
                former_names = await writer.tx.stories.get_former_names(story.slug)
                existing = find_matching_development(development, story, former_names)
                if existing is not None and existing.is_valid:
                    outcome = await writer.add_sources(story.slug, existing.key, draft.sources)
                else:
                    outcome = await writer.publish(StoryDraft(story.slug, None, (development,)))
            await writer.tx.publication_drafts.remove(draft_id)
        return outcome

    async def add_as_source(self, draft_id: int, *, actor: str) -> PublishOutcome:
        """Add the article to the development that it repeats, and notify nobody. The draft is gone then."""
        async with self._desk.transaction(actor) as writer:
            draft = _require(await writer.tx.publication_drafts.find(draft_id))
            story = await writer.tx.stories.get(draft.slug)
            development = draft.find_repeated(story)
            if development is None:
                raise NotAllowed(say("That development has since changed; please select it again."))
            outcome = await writer.add_sources(story.slug, development.key, draft.sources)
            await writer.tx.publication_drafts.remove(draft_id)
        return outcome

    async def discard(self, draft_id: int) -> None:
        """Remove a draft."""
        async with self._store.write() as tx:
            await tx.publication_drafts.remove(draft_id)

    async def erase_expired(self) -> int:
        """Remove the drafts that are older than ``RETENTION``; return how many."""
        async with self._store.write() as tx:
            return await tx.publication_drafts.remove_older(self._clock() - RETENTION)

    async def _read_page(self, url: str, known: KnownFields) -> _PastedPage:
        """Return what the page at an address says, and else what is known of it."""
        publisher = known.fallback_publisher or get_host_label(url)
        article = Article("", known.fallback_headline[:TITLE_LIMIT], self._clock(), "", url, publisher)
        fetcher, parser = await self._feed_tools.open_tools()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await fetcher.fetch(url)
                lead = await parser.read_page(
                    response.body or b"", url=str(response.url), content_type=response.content_type
                )
        except (FetchError, ParsingError) as exc:
            return _PastedPage(article, problem=exc.message)
        except TimeoutError:
            return _PastedPage(article, problem=say("The page did not answer in time."))
        article = replace(
            article,
            title=lead.title or article.title,
            text=lead.text[:TEXT_LIMIT],
            url=_choose_link(lead.url, str(response.url)),
            publisher=lead.publisher or article.publisher,
            published_at=lead.published or article.published_at,
        )
        date = PartialDate.from_date(lead.published.astimezone(self._zone).date()) if lead.published else None
        return _PastedPage(article, date, _find_problem(lead))

    def _build_article(self, title: str, page_article: Article | None, known: KnownFields) -> Article:
        """Return what the tracker shall judge, under the id that a feed would give it."""
        article = page_article or Article("", title, self._clock(), known.text)
        fields = IdentityFields(article.url, "", title, article.publisher, "", article.published_at, article.text)
        return replace(article, id=build_article_id(fields), title=title)


@dataclass(frozen=True, slots=True)
class _PastedPage:
    """What a page says; its date is None if it gives none, and its problem why it could not be read."""

    article: Article
    date: PartialDate | None = None
    problem: str = ""


def _find_problem(lead: PageLead) -> str:
    if not lead.title:
        return say("The page has no title.")
    return "" if PAGES.is_installed() else say(_NO_TEXT)


_NO_TEXT = lazy("This bot runs without the extra “pages”, so it reads what a page says about itself, but not its text.")
_NO_RECOMMENDATION = Recommendation(Decision.NEW_STORY)


def _require(draft: PublicationDraft | None) -> PublicationDraft:
    if draft is None:
        raise NotAllowed(say(EXPIRED))
    return draft


def _choose_link(page_url: str, fetched_url: str) -> str:
    """Return the address that a page gives itself, unless it names another site: the editor has pasted this one."""
    fetched_host = get_host_label(fetched_url)
    is_same_site = any(f".{fetched_host}".endswith(f".{host}") for host in [get_host_label(page_url)] if host)
    return page_url if is_same_site else clean_link(fetched_url) or fetched_url


def _merge_sources(page: _PastedPage | None, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the typed sources, with the page's in place of its bare link."""
    if page is None:
        return sources
    source = Source(
        publisher=shorten(page.article.publisher, NAME_LIMIT),
        title=shorten(page.article.title, 2 * HEADLINE_LIMIT),
        url=page.article.url,
        date=page.date,
    )
    is_typed = bool(sources) and (bool(sources[0].title) or sources[0].publisher != get_host_label(sources[0].url))
    return sources if is_typed else (source, *sources[1:])


def _build_development(draft: PublicationDraft, story: Story | None) -> DevelopmentDraft:
    """Return a draft as a development, checked as if it came from a form."""
    stage = draft.get_stage(story)
    fields = {
        "date": str(draft.date),
        "headline": draft.headline,
        "text": draft.text,
        "claim": draft.claim.value,
        "source": [get_source_fields(source) for source in draft.sources],
    }
    return parse_development(
        fields | ({"stage": stage.value} if stage else {}), "", story.kind if story else draft.kind
    )


def _build_header(draft: PublicationDraft) -> StoryHeader:
    summary = draft.text[:SUMMARY_LIMIT].strip() or draft.headline
    return StoryHeader(draft.headline, summary, draft.kind, draft.parties)
