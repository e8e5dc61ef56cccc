"""The tags of a forum, and which of them may be on a post."""

from collections.abc import Iterable
from typing import Any

from .failures import ApiError, FormErrors, bad_form, missing_permissions, unknown
from .model import REQUIRE_TAG, Channel, Tag
from .permissions import Permission
from .world import World

AVAILABLE, APPLIED, NAME = 20, 5, 20


def read(world: World, forum: Channel, bodies: list[Any] | None) -> list[Tag]:
    """Return the tags as a request wants them: one with the id of a tag that is there changes it, any other is new.

    Raises ApiError 50035 for too many tags or a bad name, 40061 for the same name twice.
    """
    bodies = bodies or []
    errors = FormErrors()
    if len(bodies) > AVAILABLE:
        errors.add("available_tags", "BASE_TYPE_MAX_LENGTH", f"Must be {AVAILABLE} or fewer in length.")
    for index, body in enumerate(bodies):
        errors.too_long(f"available_tags.{index}.name", body.get("name"), NAME)
    errors.raise_if_any()
    names = [body["name"] for body in bodies]
    if len(set(names)) < len(names):
        raise ApiError(400, 40061, "Tag names must be unique")
    ids = {tag.id for tag in forum.tags}
    tags = []
    for body in bodies:
        requested_id = int(body.get("id") or 0)
        tag_id = requested_id if requested_id in ids else world.ids.now()
        tags.append(Tag(tag_id, body["name"], bool(body.get("moderated")), body.get("emoji_name")))
    return tags


def check_tags(forum: Channel, wanted: Iterable[Any] | None, had: Iterable[int], bits: int) -> list[int]:
    """Return the ids of the tags that a post shall have, checked against the forum and what the poster may do there.

    A tag that the post had and the forum has no more is passed over. Raises ApiError 50035 for too many or for a channel
    without tags, 10087 for a tag that never was, 50013 for a moderated one.
    """
    ids = [int(each) for each in wanted or ()]
    if len(ids) > APPLIED:
        raise bad_form("applied_tags", "BASE_TYPE_MAX_LENGTH", f"Must be {APPLIED} or fewer in length.")
    tags = {tag.id: tag for tag in forum.tags}
    before = set(had)
    if any(each not in tags and each not in before for each in ids):
        raise unknown("Tag")
    ids = [each for each in ids if each in tags]
    changed = [tags[each] for each in before ^ set(ids) if each in tags]
    if any(tag.moderated for tag in changed) and not bits & Permission.MANAGE_THREADS:
        raise missing_permissions()
    return ids


def check_given(forum: Channel, ids: list[int]) -> None:
    """Refuse a post without a tag in a forum that wants one."""
    if forum.flags & REQUIRE_TAG and not ids:
        raise ApiError(400, 40067, "A tag is required to create a forum post in this channel")
