"""It says something else than that it is ready, and stays."""

import sys

from bot.newsroom.parsing.framing import LENGTH_PREFIX

sys.stdout.buffer.write(LENGTH_PREFIX.pack(2**31))
sys.stdout.buffer.flush()
sys.stdin.read()
