"""The only room with SQL. Rows leave it as the model's values; no connection is seen outside."""

from bot.store.audit import AuditEntry
from bot.store.newest import COUNTED
from bot.store.outbox import Backlog, Room
from bot.store.store import Session, Store, open_store
from bot.store.wanting import Wanting

__all__ = ["COUNTED", "AuditEntry", "Backlog", "Room", "Session", "Store", "Wanting", "open_store"]
