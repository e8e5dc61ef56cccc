"""The post that a destination gets: a new development, news of a feed that it follows, or several notices in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from discord import ui

from bot.cards import custom_ids, developments, labels
from bot.cards.components import Card, MenuChoice, button, container, row, separator, story_menu, text
from bot.cards.escaping import clean_line, escape_block, escape_line, heading
from bot.cards.expected_events import reminder_body
from bot.cards.feed_news import feed_line, feed_post_text
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import BUTTON_LIMIT, TextBudget, utf16_length
from bot.cards.stage_progress import stage_change_label
from bot.cards.story import thread_card
from bot.languages import say, say_as, say_count
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import Destination, DestinationKind
from bot.model.post import FeedNotice, Post, PostItem, PostType
from bot.model.story import Development, Story

#: What a sample of a post is made of: a story with developments, or news of a feed.
Sample = Story | FeedNotice

_TEXT_LIMIT = 700
_HEADLINE_LIMIT = 640
_MIN_TEXT = 120
_MAX_PINGS = 60
_POST_LIMIT = 3_900
# Reserved for the card around a sample.
_CONFIRMATION_LENGTH = 1_200
_SAMPLE_SIZE = 3
_NEVER = datetime.min.replace(tzinfo=UTC)
_NO_DESTINATION = Destination(DestinationKind.CHANNEL, 0)
_DIGEST_HEADLINE_LIMIT = 420
_DIGEST_FEED_LINE_LIMIT = 700
# The least that is left of a headline if many have grown, and of a story's own headline above them.
_MIN_HEADLINE = 60
_MIN_STORY_HEADLINE = 36
_NO_BREAK_SPACE = "\u00a0"


def post_card(post: Post) -> Card:
    """Return the message of a post: the ping, if any, then the story, what happened, who says so, and the stage change.

    News of a followed feed has its publisher, title, date and link, a reminder the events of its day. The message is the same for every attempt and every edit; its button carries the post's key. A development that was retracted
    after the post is struck through, with the reason; a corrected one shows the correction.
    """
    if post.story is not None:
        return thread_card(
            post.story, custom_ids.POST.build(post_key=post.key, slug=post.story.slug), report_button(post.key)
        )
    pings = " ".join(f"<@&{role}>" for role in dict.fromkeys(post.role_ids[:_MAX_PINGS]))
    return Card(*([ui.TextDisplay(pings)] if pings else []), _body(post, _POST_LIMIT - utf16_length(pings)))


def _body(post: Post, limit: int) -> ui.Container[Any]:
    if post.expires_at is not None:
        return reminder_body(post, limit, report_button(post.key))
    custom_id = custom_ids.POST.build(post_key=post.key, slug=post.items[0].story.slug) if post.items else ""
    is_digest = post.post_type in (PostType.DAILY, PostType.WEEKLY)
    if is_digest or len(post.items) + len(post.feed_notices) > 1:
        return _digest_body(post, custom_id, limit, report_button(post.key))
    if post.feed_notices:
        return _feed_post_body(post.feed_notices[0], report_button(post.key))
    item = post.items[0]
    return _post_body(item, custom_id, limit, report_button(post.key))


def _feed_post_body(notice: FeedNotice, *extra_buttons: ui.Button[Any]) -> ui.Container[Any]:
    return container(
        text(feed_post_text(notice)),
        row(*([_story_button(notice)] if notice.story_slug else []), *extra_buttons),
        colour=labels.NEUTRAL_COLOUR,
    )


def _story_button(notice: FeedNotice) -> ui.Button[Any]:
    """Return the button that opens the card of the story that an article belongs to."""
    label = clean_line(notice.story_headline, BUTTON_LIMIT - 2)
    return button(f"→ {label}", custom_ids.SHOW_STORY.build(slug=notice.story_slug))


def report_button(post_key: str) -> ui.Button[Any]:
    """Return the button by which a reader reports a problem of the post to the desk."""
    return button(say_as("button", "Something wrong?"), custom_ids.REPORT_PROBLEM.build(post_key=post_key))


def sample_card(
    sample: Sample,
    role_ids: Sequence[int],
    mode: DeliveryMode = DeliveryMode.INSTANT,
    mentioned_companies: tuple[str, ...] = (),
) -> Card:
    """Return what a post, or a digest, would look like with the story's newest developments or a feed's newest article.

    It has no post key, so nobody takes it for a post. ``mentioned_companies`` are followed and only mentioned.
    """
    return Card(
        *(
            sample_items(sample, role_ids, mentioned_companies)
            if mode is DeliveryMode.INSTANT
            else digest_sample_items(sample, mode, mentioned_companies)
        )
    )


def sample_items(
    sample: Sample, role_ids: Sequence[int], mentioned_companies: tuple[str, ...] = ()
) -> list[ui.Item[Any]]:
    """Return the parts of :func:`sample_card` for a larger card."""
    header = subtext(say("**Preview** of a post"), _ping_label(len(role_ids)))
    if isinstance(sample, FeedNotice):
        return [text(header), _feed_post_body(sample)]
    story = sample
    newest = story.valid_developments[-1:] or story.developments[-1:]
    items = [PostItem(story, development, mentioned_companies) for development in newest]
    custom_id = custom_ids.FULL_STORY.build(slug=story.slug, page=0)
    return [text(header), *(_post_body(item, custom_id, _POST_LIMIT - _CONFIRMATION_LENGTH) for item in items)]


def _ping_label(role_count: int) -> str:
    if not role_count:
        return say("nobody is pinged")
    return say_count("the first line pings the role", "the first line pings {count} roles", role_count)


def digest_sample_items(
    sample: Sample, mode: DeliveryMode, mentioned_companies: tuple[str, ...] = ()
) -> list[ui.Item[Any]]:
    """Return a sample digest of the story's newest developments, or of a feed's newest article."""
    post = Post(0, "", _NO_DESTINATION, (), (), 0, in_doubt=False, created_at=_NEVER, post_type=PostType(mode.value))
    if isinstance(sample, FeedNotice):
        post, custom_id = replace(post, feed_notices=(sample,)), ""
    else:
        newest = sample.valid_developments[-_SAMPLE_SIZE:] or sample.developments[-_SAMPLE_SIZE:]
        carried = tuple(PostItem(sample, development, mentioned_companies) for development in newest)
        post = replace(post, items=carried)
        custom_id = custom_ids.FULL_STORY.build(slug=sample.slug, page=0)
    label = (
        say("**Preview** of a daily digest") if mode is DeliveryMode.DAILY else say("**Preview** of a weekly digest")
    )
    header = subtext(label, _ping_label(0))
    return [
        text(header),
        _digest_body(post, custom_id, _POST_LIMIT - _CONFIRMATION_LENGTH),
    ]


def _post_body(item: PostItem, custom_id: str, limit: int, *extra_buttons: ui.Button[Any]) -> ui.Container[Any]:
    """Return a development under its story's headline, which says why it is here if the story only mentions a company.

    A headline that the deal has left behind is no title: it comes last, with its date.
    """
    story, development = item.story, item.development
    is_outdated, mentions = story.is_description_outdated, labels.mentions_label(item.mentioned_companies)
    title = labels.former_headline(story, _HEADLINE_LIMIT) if is_outdated else ""
    story_line = (
        subtext(mentions) if is_outdated else subtext(f"**{escape_line(story.headline, _HEADLINE_LIMIT)}**", mentions)
    )
    return container(
        text(story_line) if story_line else None,
        text(_development_text(story, development, limit - utf16_length(story_line + title) - 40)),
        text(title) if title else None,
        row(
            button(say_as("button", "Full story"), custom_id),
            button(say_as("button", "Follow"), custom_ids.FOLLOW.build(slug=story.slug)),
            *extra_buttons,
        ),
        colour=labels.stage_colour(story.stage) if development.is_valid else labels.ALERT_COLOUR,
    )


def _development_text(story: Story, development: Development, units_left: int) -> str:
    """Return the development with as much of its text as fits."""
    title = developments.title(development, 640)
    sources = developments.source_list(development.sources, 500)
    fixed_length = utf16_length(title) + utf16_length(sources) + 250
    limit = min(_TEXT_LIMIT, units_left - fixed_length)
    lines = [
        f"### {title}" if development.is_valid else title,
        stage_change_label(story, development),
        developments.retraction_text(development),
        escape_block(development.text, limit) if _has_text(development, limit) else "",
        subtext(*developments.meta(development), story.kind.label, sources),
    ]
    return "\n".join(line for line in lines if line)


def _has_text(development: Development, limit: int) -> bool:
    """Return whether the text is shown: not if the development is retracted, or little room is left."""
    return bool(development.text) and development.is_valid and limit >= _MIN_TEXT


def _digest_title(post: Post) -> str:
    if post.feed_notices:
        return _mixed_title(post)
    count = len(post.items)
    if post.post_type is PostType.DAILY:
        return say_count("The day's digest: {count} development", "The day's digest: {count} developments", count)
    if post.post_type is PostType.WEEKLY:
        return say_count("The week's digest: {count} development", "The week's digest: {count} developments", count)
    return say_count("{count} development since the last post", "{count} developments since the last post", count)


def _mixed_title(post: Post) -> str:
    count = len(post.items) + len(post.feed_notices)
    if post.post_type is PostType.DAILY:
        return say_count("The day's digest: {count} news item", "The day's digest: {count} news items", count)
    if post.post_type is PostType.WEEKLY:
        return say_count("The week's digest: {count} news item", "The week's digest: {count} news items", count)
    return say_count("{count} news item since the last post", "{count} news items since the last post", count)


def _digest_body(post: Post, custom_id: str, limit: int, *extra_buttons: ui.Button[Any]) -> ui.Container[Any]:
    """Return every headline of a digest or a folded post under its story, and then the news of followed feeds.

    The first button has ``custom_id``, if there is a story; ``extra_buttons`` follow it. A menu opens the stories.
    """
    stories = {entry.story.slug: entry.story for entry in post.items}
    title = heading(_digest_title(post))
    # Translators: above news of feeds that are followed, in a digest
    feeds_heading = say("**From followed feeds**") if post.feed_notices else ""
    units_left = limit - utf16_length(title) - 40
    lines = _digest_lines(post, units_left - _MIN_STORY_HEADLINE * len(stories) - utf16_length(feeds_heading))
    share = _share_for_headlines(units_left - sum(utf16_length(line) + 1 for line in lines), len(stories))
    parts = [
        _story_text(
            story, [line for entry, line in zip(post.items, lines, strict=False) if entry.story.slug == slug], share
        )
        for slug, story in stories.items()
    ]
    if post.feed_notices:
        parts.append("\n".join([feeds_heading, *lines[len(post.items) :]]))
    full_story_button = [button(_full_story_label(len(stories)), custom_id)] if stories else []
    return container(
        text(title),
        separator(),
        *_text_items(parts, units_left),
        row(*full_story_button, *extra_buttons),
        _story_menu(list(stories.values()), post.feed_notices),
        colour=labels.NEUTRAL_COLOUR,
    )


def _share_for_headlines(units_left: int, story_count: int) -> int:
    return max(_MIN_STORY_HEADLINE, units_left // max(story_count, 1)) - 12


def _full_story_label(story_count: int) -> str:
    return say_as("button", "Full story") if story_count == 1 else say_as("button", "First story in full")


def _story_menu(stories: Sequence[Story], feed_notices: Sequence[FeedNotice]) -> ui.ActionRow[Any] | None:
    choices = [labels.story_choice(story) for story in stories]
    choices += [MenuChoice(notice.story_slug, notice.story_headline) for notice in feed_notices if notice.story_slug]
    if len(choices) == len(stories) == 1:
        return None
    return story_menu(0, say_as("menu", "Open a story"), choices)


def _digest_lines(post: Post, limit: int) -> list[str]:
    """Return a line for each development, and then for each news of a followed feed.

    Headlines are cut only if they have grown since they were folded.
    """
    lines = _lines_within(post, _DIGEST_HEADLINE_LIMIT, _DIGEST_FEED_LINE_LIMIT)
    if sum(utf16_length(line) + 1 for line in lines) <= limit:
        return lines
    share = limit // (len(post.items) + len(post.feed_notices)) - 30
    return _lines_within(post, max(_MIN_HEADLINE, share), share)


def _lines_within(post: Post, headline_limit: int, feed_line_limit: int) -> list[str]:
    return [
        *(_development_line(entry, headline_limit) for entry in post.items),
        *(feed_line(notice, feed_line_limit) for notice in post.feed_notices),
    ]


def _development_line(entry: PostItem, limit: int) -> str:
    title = developments.title(entry.development, limit, is_bold=False)
    # A line break must not split the date, nor separate it from its dot.
    line = f"{title} ·{_NO_BREAK_SPACE}{entry.development.date.display.replace(' ', _NO_BREAK_SPACE)}"
    return join_parts(line, labels.mentions_label(entry.mentioned_companies[:1]))


def _story_text(story: Story, lines: Sequence[str], share: int) -> str:
    limit = min(share, _DIGEST_HEADLINE_LIMIT)
    if story.is_description_outdated:
        return "\n".join([*lines, labels.former_headline(story, limit)])
    return "\n".join([f"**{escape_line(story.headline, limit)}**", *lines])


def _text_items(parts: Sequence[str], limit: int) -> list[ui.TextDisplay[Any]]:
    """Return the parts in few text displays, separated by empty lines: a message holds only 40 components."""
    budget = TextBudget(limit)
    fitting_parts = [part for part in parts if budget.reserve(f"{part}\n")]
    more_count = len(parts) - len(fitting_parts)
    more_lines = [subtext(say_count("+{count} more story", "+{count} more stories", more_count))] if more_count else []
    blocks = [*fitting_parts, *more_lines]
    return [text("\n\n".join(blocks[start : start + 5])) for start in range(0, len(blocks), 5)]
