"""The process that reads feeds, as an old pip installs it without any extra."""

from tests.unit.declared import find_only, installed_with, requirements

find_only(installed_with(requirements()))

from bot.newsroom.parsing.jobs import main  # noqa: E402 - what it imports must be looked for after that

main()
