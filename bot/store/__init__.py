"""The only package with SQL. It returns the model's values, never rows or connections."""

from bot.model.audit import AuditEntry
from bot.store.engines.membership import Membership, SoleMember
from bot.store.listing import COUNT_LIMIT
from bot.store.outbox.outbox import LeaseQuota, OutboxStats
from bot.store.outbox.subscribers import Recipient
from bot.store.store import Store, open_store
from bot.store.stories import StoredDescription
from bot.store.transaction import Transaction

__all__ = [
    "COUNT_LIMIT",
    "AuditEntry",
    "LeaseQuota",
    "Membership",
    "OutboxStats",
    "Recipient",
    "SoleMember",
    "Store",
    "StoredDescription",
    "Transaction",
    "open_store",
]
