"""A real ``dealwire`` process: started, signalled, and read to its end. Nothing here waits without a limit."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
#: How long a process may take to end by itself. Far more than it needs: other tests may run beside this one.
END_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended: its exit status (negative: the signal that killed it) and what it said."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        """The last line on stderr."""
        return (self.err.splitlines() or [""])[-1]

    def check_quiet(self) -> None:
        """Fail when stderr has something that nobody should see."""
        check_quiet(self.err)


def check_quiet(err: str) -> None:
    """Fail when stderr shows a traceback, or what Python and asyncio say of work that was left lying."""
    for sign in ("Traceback", "Exception ignored", "never retrieved", "was destroyed", "Unclosed", "never awaited"):
        assert sign not in err, err


def find_free_port(host: str = "127.0.0.1") -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


async def fetch(url: str, **parameters: str) -> tuple[int, str]:
    """Return the status and the text of a page."""
    async with aiohttp.ClientSession() as session, session.get(url, params=parameters) as response:
        return response.status, await response.text()


class Process:
    """``python -m bot …`` with an environment and a working folder of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._said: dict[str, bytearray] = {"out": bytearray(), "err": bytearray()}
        self._heard = asyncio.Condition()
        assert process.stdout is not None
        assert process.stderr is not None
        self._reading = [
            asyncio.create_task(self._read(process.stdout, "out"), name="stdout"),
            asyncio.create_task(self._read(process.stderr, "err"), name="stderr"),
        ]

    @classmethod
    async def start(cls, *command: str, env: Mapping[str, str], cwd: Path, program: Path | None = None) -> Self:
        """Start the program of this checkout, or another one; nothing of the tests' own environment reaches it but the path."""
        checkout = {} if program else {"PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(
            *([str(program)] if program else [sys.executable, "-m", "bot"]),
            *command,
            env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **checkout, **env},
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Return whether it has not ended yet."""
        return self._process.returncode is None

    @property
    def err(self) -> str:
        """What it has written to stderr so far: its log."""
        return self._said["err"].decode()

    async def wait_for_log(self, words: str, timeout: float = 60.0) -> None:
        """Return when its log has the words; TimeoutError, with the log, if it ends or goes on without."""
        try:
            async with asyncio.timeout(timeout), self._heard:
                await self._heard.wait_for(lambda: words in self.err)
        except TimeoutError:
            raise TimeoutError(f"{words!r} was not logged:\n{self.err}") from None

    async def wait_for_output(self, pattern: str, timeout: float = 60.0) -> str:
        """Return what matches in its output, once it is there; TimeoutError, with the log, if it does not come."""
        try:
            async with asyncio.timeout(timeout), self._heard:
                await self._heard.wait_for(lambda: re.search(pattern, self._said["out"].decode()))
        except TimeoutError:
            raise TimeoutError(f"{pattern!r} was not printed:\n{self.err}") from None
        return str(re.findall(pattern, self._said["out"].decode())[0])

    def terminate(self) -> None:
        """Ask it to end, as a service manager does."""
        self._process.send_signal(signal.SIGTERM)

    def interrupt(self) -> None:
        """Ask it to end, as Ctrl+C does."""
        self._process.send_signal(signal.SIGINT)

    async def kill(self) -> Ended:
        """End it in the middle of whatever it does, and return when it is gone."""
        if self.running:
            self._process.kill()
        return await self.wait_for_end()

    async def stop(self) -> Ended:
        """Ask it to end and check that it does as it should: status 0, and no traceback."""
        if self.running:
            self.terminate()
        ended = await self.wait_for_end()
        assert ended.code == 0, ended.err
        ended.check_quiet()
        return ended

    async def wait_for_end(self, timeout: float = END_SECONDS) -> Ended:
        """Return when it has ended; one that does not in time is killed, and TimeoutError says what it last said."""
        try:
            async with asyncio.timeout(timeout):
                await self._process.wait()
                await asyncio.gather(*self._reading)
        except TimeoutError:
            if self.running:
                self._process.kill()
            await self._process.wait()
            raise TimeoutError(f"the process did not end within {timeout:g} s:\n{self.err}") from None
        return Ended(self._process.returncode or 0, self._said["out"].decode(), self.err)

    async def _read(self, stream: asyncio.StreamReader, name: str) -> None:
        while chunk := await stream.read(65536):
            async with self._heard:
                self._said[name] += chunk
                self._heard.notify_all()
