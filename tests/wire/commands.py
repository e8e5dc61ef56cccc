"""Run several ``dealwire`` commands one after the other in one process, which costs the imports once: ``python -m tests.wire.commands``.

Standard input has a JSON list of pairs: the words of a command, and the settings that it gets besides the environment.
"""

import contextlib
import json
import logging
import os
import sys

from bot.__main__ import main


def run(words: list[str], env: dict[str, str]) -> None:
    """Run one command as a process of its own would, and print how it ended."""
    before = dict(os.environ)
    os.environ.update(env)
    status: object = 2
    try:
        with contextlib.suppress(SystemExit):
            status = main(words)
    finally:
        os.environ.clear()
        os.environ.update(before)
        for handler in logging.getLogger().handlers[:]:
            logging.getLogger().removeHandler(handler)
    print(f"{words[0]} ended: {status}", flush=True)


if __name__ == "__main__":
    for words, env in json.load(sys.stdin):
        run(words, env)
