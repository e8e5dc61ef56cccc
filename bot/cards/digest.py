"""Several notices in one message: a digest, or what an outage or a cap has folded into one post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.cards import developments, labels
from bot.cards.components import MenuChoice, button, container, row, separator, story_menu, text
from bot.cards.escaping import escape_line, heading
from bot.cards.feed_news import feed_line
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.languages import say, say_as, say_count
from bot.model.post import FeedNotice, Post, PostItem, PostType
from bot.model.story import Story

_HEADLINE_LIMIT = 420
_FEED_LINE_LIMIT = 700
# The least that is left of a headline if many have grown, and of a story's own headline above them.
_MIN_HEADLINE = 60
_MIN_STORY_HEADLINE = 36
_NO_BREAK_SPACE = "\u00a0"


def _title(post: Post) -> str:
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


def digest_body(post: Post, custom_id: str, limit: int, *extra_buttons: ui.Button[Any]) -> ui.Container[Any]:
    """Return every headline of a digest or a folded post under its story, and then the news of followed feeds.

    The first button has ``custom_id``, if there is a story; ``extra_buttons`` follow it. A menu opens the stories.
    """
    stories = {entry.story.slug: entry.story for entry in post.items}
    title = heading(_title(post))
    # Translators: above news of feeds that are followed, in a digest
    feeds_heading = say("**From followed feeds**") if post.feed_notices else ""
    units_left = limit - utf16_length(title) - 40
    lines = _lines(post, units_left - _MIN_STORY_HEADLINE * len(stories) - utf16_length(feeds_heading))
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


def _lines(post: Post, limit: int) -> list[str]:
    """Return a line for each development, and then for each news of a followed feed.

    Headlines are cut only if they have grown since they were folded.
    """
    lines = _lines_within(post, _HEADLINE_LIMIT, _FEED_LINE_LIMIT)
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
    limit = min(share, _HEADLINE_LIMIT)
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
