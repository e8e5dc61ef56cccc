"""It says something else than that it is ready, and stays."""

import sys

from bot.subprocesses.framing import LENGTHS

sys.stdout.buffer.write(LENGTHS.pack(2**31, 0))
sys.stdout.buffer.flush()
sys.stdin.read()
