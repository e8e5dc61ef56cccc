"""Advisory locks, by which the processes on one database take turns.

They end with the transaction or the connection that holds them, so also with a process that is killed
(https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS). The locks of a database are shared by all
programs that use it; the first of the two keys tells ours apart, and what the second one counts.
"""

from __future__ import annotations

#: The bytes "Deal".
_BASE = 0x4465616C
#: Locks of their own, by the second keys below.
NAMESPACE = _BASE
#: Held by each running bot; the second key is the number of its worker row.
WORKERS = _BASE + 1
#: Held by the bot that runs a shard; the second key is the shard.
SHARDS = _BASE + 2
#: Held by name; the second key is made of the name.
NAMED_LOCKS = _BASE + 3
#: Taken for a moment by two connections, to see whether they lead to one database; the second key is random.
SAME_DATABASE = _BASE + 4

#: Held by a transaction of the desk: those read, and then write what depends on what they read.
DESK_LOCK = 1
#: Held by whoever makes or upgrades the tables.
SCHEMA_LOCK = 2
#: Shared by the bots that run some of the shards, or held alone by the one that runs all of them.
ALL_SHARDS_LOCK = 3
#: Held by the bot that does what only one may do.
LEADER_LOCK = 5
