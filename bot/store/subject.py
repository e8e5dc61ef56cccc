"""The base of the store's subjects: what each of them knows of the transaction that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.store.transaction import Transaction


class StoreSubject:
    """One subject of the store in one transaction. It reaches the other subjects through the transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._connection = tx.connection
