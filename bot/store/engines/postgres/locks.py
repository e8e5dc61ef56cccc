"""Advisory locks, by which the processes on one database take turns.

They end with the transaction or the connection that holds them, so also with a process that is killed
(https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS). All have this program's number as the
first key, since the locks of a database are shared by all programs that use it.
"""

from __future__ import annotations

#: The first key of all locks: the bytes "Deal".
NAMESPACE = 0x4465616C
#: Held by a transaction of the desk: those read, and then write what depends on what they read.
DESK_LOCK = 1
#: Held by whoever makes or upgrades the tables.
SCHEMA_LOCK = 2
#: Held by a bot for as long as it runs.
BOT_LOCK = 3
#: Taken for a moment by ``check``, to see whether locks work.
TRIAL_LOCK = 4
