"""The process that reads feeds and pages, as an old pip installs it with the extra ``pages``."""

from tests.unit.declared import find_only, installed_with, requirements

find_only(installed_with(requirements("pages")))

from bot.newsroom.parsing.jobs import main  # noqa: E402 - what it imports must be looked for after that

main()
