"""What the composition root opens and hands on: one value that every command has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.delivery.aside import AsidePosts
from bot.delivery.following import Following
from bot.library.library import Library
from bot.library.reading import Reading
from bot.newsroom.desk import Desk
from bot.newsroom.feeds.press import Press
from bot.newsroom.feeds.subscriptions import Subscriptions
from bot.newsroom.notes import Notes
from bot.newsroom.review import Reviews
from bot.newsroom.set_aside import FailedWork
from bot.pictures.studio import Studio
from bot.settings import Settings
from bot.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """The open rooms. ``version`` is the program's, ``started`` when it did; ``content_off`` says that the message-content intent is not given."""

    settings: Settings
    store: Store
    library: Library
    reading: Reading
    studio: Studio
    desk: Desk
    notes: Notes
    reviews: Reviews
    failed_work: FailedWork
    subscriptions: Subscriptions
    press: Press
    following: Following
    aside_posts: AsidePosts
    clock: Clock
    version: str
    started: datetime
    content_off: bool = False
