"""The gateway: greets, identifies, resumes, and tells every session what it asked to be told."""

import asyncio
import json
import secrets
from collections.abc import Callable

from aiohttp import WSMsgType, web

from . import payloads
from .events import Intent, Shape
from .model import Guild, Json
from .sessions import COMPRESSIONS, Connection, Session
from .world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT = 1, 2, 3, 4, 6, 7
MEMBERS, INVALID_SESSION, HELLO, ACK = 8, 9, 10, 11
PRIVILEGED = {
    "presences": Intent.GUILD_PRESENCES,
    "members": Intent.GUILD_MEMBERS,
    "message_content": Intent.MESSAGE_CONTENT,
}
# After these the session is over; after any other close it can be resumed.
ENDING = frozenset({1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})


class Gateway:
    """All sessions and connections of the bot.

    `token` is asked on every IDENTIFY and RESUME; `exhausted` is called when the day's session starts are used up. `concurrency` is
    asked for how many may identify at the same time, and an IDENTIFY that comes within `identify_interval` seconds of `clock` after
    another one of its group is refused; `wasted_identifies` counts these.
    """

    def __init__(
        self,
        world: World,
        token: Callable[[], str],
        exhausted: Callable[[], None],
        *,
        heartbeat: float,
        session_starts: int,
        concurrency: Callable[[], int],
        identify_interval: float,
        clock: Callable[[], float],
    ) -> None:
        self._world = world
        self._token = token
        self._exhausted = exhausted
        self._heartbeat = heartbeat
        self.session_starts = session_starts
        self._used_starts = 0
        self._concurrency = concurrency
        self.identify_interval = identify_interval
        self._clock = clock
        self._accepted_at: dict[int, float] = {}
        self.wasted_identifies = 0
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies = 0
        self.resumes = 0
        self.url = ""

    @property
    def listening(self) -> bool:
        """Return whether there is any session to tell something to."""
        return bool(self.sessions)

    def dispatch(self, name: str, shape: Shape, *, guild: Guild | None, needs: int) -> None:
        for session in self.sessions.values():
            number, count = session.shard
            if (session.intents & needs == needs) and ((guild.id >> 22) % count if guild else 0) == number:
                session.tell(name, json.dumps(shape(session.intents) if callable(shape) else shape))

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One WebSocket, until it closes."""
        compression = request.query.get("compress", "")
        if compression not in COMPRESSIONS:
            return web.Response(status=400, text=f"this server cannot compress as {compression!r}")
        socket = web.WebSocketResponse(compress=False, max_msg_size=0, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(socket, request, compression)
        self.connections.add(connection)
        connection.send(_packet(HELLO, {"heartbeat_interval": int(self._heartbeat * 1000), "_trace": []}))
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._receive(connection, message.data)
        finally:
            await self._left(connection)
        return socket

    async def _left(self, connection: Connection) -> None:
        # The other side's answer to a close from here says nothing of its own intentions.
        session, code = connection.session, connection.closed_with or connection.socket.close_code
        await connection.end()
        self.connections.discard(connection)
        if session is not None and session.connection is None and code in (1000, 1001):
            self.sessions.pop(session.id, None)
        self._world.changes.notify()

    async def _receive(self, connection: Connection, raw: str | bytes) -> None:
        try:
            packet = json.loads(raw)
            op, data = packet["op"], packet.get("d")
        except (ValueError, KeyError, TypeError):
            await connection.close(4002)
            return
        if op == HEARTBEAT:
            if connection.session is not None:
                connection.session.confirm(data)
            connection.send(_packet(ACK, None))
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            await self._resume(connection, data)
        elif connection.session is None:
            await connection.close(4003)
        elif op == MEMBERS:
            self._tell_members(connection.session, data)
        elif op not in (PRESENCE, VOICE):
            await connection.close(4001)

    async def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies += 1
        self._used_starts += 1
        self._world.changes.notify()
        if self._used_starts > self.session_starts:
            self._exhausted()
        refusal = self._refusal(connection, data)
        if refusal:
            await connection.close(refusal)
            return
        number, count = data.get("shard") or (0, 1)
        if self._is_too_early(number):
            self.wasted_identifies += 1
            connection.send(_packet(INVALID_SESSION, False))
            return
        # A session whose connection died with its process is of no use to the next process.
        for old in [each for each in self.sessions.values() if each.shard == (number, count) and not each.connection]:
            del self.sessions[old.id]
        session = Session(secrets.token_hex(16), (number, count), data["intents"])
        session.connection, connection.session = connection, session
        guilds = [each for each in self._guilds() if (each.id >> 22) % count == number]
        session.tell("READY", json.dumps(self._ready(session, guilds)))
        self.sessions[session.id] = session
        await self._tell_guilds(session, guilds)
        session.greeted = True
        self._world.changes.notify()

    def _is_too_early(self, number: int) -> bool:
        """Return whether a shard of the group has identified too short a time ago; if not, note that this one does."""
        group, now = number % self._concurrency(), self._clock()
        if group in self._accepted_at and now < self._accepted_at[group] + self.identify_interval:
            return True
        self._accepted_at[group] = now
        return False

    @property
    def starts_left(self) -> int:
        """How many sessions may still be started until the reset."""
        return max(0, self.session_starts - self._used_starts)

    @starts_left.setter
    def starts_left(self, count: int) -> None:
        self._used_starts = self.session_starts - count

    def _refusal(self, connection: Connection, data: Json) -> int:
        """Return the code that an IDENTIFY is refused with, or 0."""
        if connection.session is not None:
            return 4005
        if data.get("token") != self._token():
            return 4004
        number, count = data.get("shard") or (0, 1)
        if not 0 <= number < count:
            return 4010
        intents = data.get("intents")
        if not isinstance(intents, int):
            return 4013
        allowed = self._world.application.privileged
        return 4014 if any(intents & bit and name not in allowed for name, bit in PRIVILEGED.items()) else 0

    def _ready(self, tx: Session, guilds: list[Guild]) -> Json:
        application = self._world.application
        return {
            "v": 10,
            "user": payloads.user(application.bot) | {"verified": True, "mfa_enabled": True, "flags": 0},
            "guilds": [{"id": str(each.id), "unavailable": True} for each in guilds],
            "session_id": tx.id,
            "resume_gateway_url": self.url,
            "shard": list(tx.shard),
            "application": {"id": str(application.id), "flags": application.flags},
            "private_channels": [],
            "relationships": [],
        }

    async def _tell_guilds(self, tx: Session, guilds: list[Guild]) -> None:
        if not tx.intents & Intent.GUILDS:
            return
        for count, guild in enumerate(guilds):
            if guild.bot_in and guild.available:
                tx.tell("GUILD_CREATE", json.dumps(self._world.events.guild_shape(guild)(tx.intents)))
            if count % 100 == 99:
                # Thousands of servers must not keep the loop from heartbeats and requests.
                await asyncio.sleep(0)

    def _guilds(self) -> list[Guild]:
        return [each for each in self._world.guilds.values() if each.bot_in]

    async def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes += 1
        self._world.changes.notify()
        if data.get("token") != self._token():
            await connection.close(4004)
            return
        session = self.sessions.get(data.get("session_id", ""))
        sequence = data.get("seq")
        if session is None or not isinstance(sequence, int) or not session.can_resume_from(sequence):
            connection.send(_packet(INVALID_SESSION, False))
            return
        session.resume(connection, sequence)
        self._world.changes.notify()

    def _tell_members(self, tx: Session, data: Json) -> None:
        guild = self._world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        wanted = data.get("user_ids")
        if wanted is not None:
            ids = {int(each) for each in (wanted if isinstance(wanted, list) else [wanted])}
            matches = [each for each in guild.members.values() if each.user.id in ids]
        else:
            start = (data.get("query") or "").lower()
            matches = [each for each in guild.members.values() if each.user.name.lower().startswith(start)]
            matches = matches[: data.get("limit") or None]
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": [payloads.member(each) for each in matches],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        tx.tell("GUILD_MEMBERS_CHUNK", json.dumps(chunk))

    # What a test can do to it.

    async def drop(self, code: int = 1006) -> None:
        """Close every connection: 1006 cuts it, any other code is sent. Codes that end a session do."""
        connections = list(self.connections)
        if code in ENDING:
            self.invalidate()
        for connection in connections:
            if code == 1006:
                connection.abort()
        if code != 1006:
            await asyncio.gather(*(connection.close(code) for connection in connections))
        await self._world.changes.until(
            lambda: not self.connections & set(connections), 5.0, "the connections to close"
        )

    def invalidate(self) -> None:
        """Forget all sessions: a RESUME will be answered with INVALID_SESSION."""
        for session in self.sessions.values():
            if session.connection is not None:
                session.connection.session = None
        self.sessions.clear()

    def ask_to_reconnect(self) -> None:
        """Send RECONNECT on every connection, as Discord does before it restarts a node."""
        for connection in self.connections:
            connection.send(_packet(RECONNECT, None))


def _packet(op: int, data: Json | bool | None) -> str:
    return json.dumps({"op": op, "d": data, "s": None, "t": None})
