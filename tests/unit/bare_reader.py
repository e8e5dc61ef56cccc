"""The process that reads feeds, as an old pip installs it."""

import sys

from tests.unit.declared import find_only, installed_with, requirements

find_only(installed_with(requirements()))

from bot.newsroom.parsing.worker import main  # noqa: E402 - what it imports must be looked for after that

main(int(sys.argv[1]), float(sys.argv[2]))
