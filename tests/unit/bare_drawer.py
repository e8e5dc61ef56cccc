"""The process that draws pictures, as an old pip installs it."""

import sys

from tests.unit.declared import find_only, installed_with, requirements

find_only(installed_with(requirements()))

from bot.pictures.worker import main  # noqa: E402 - what it imports must be looked for after that

main(float(sys.argv[1]))
