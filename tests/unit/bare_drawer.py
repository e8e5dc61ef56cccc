"""The process that draws pictures, as an old pip installs it with the extra ``pictures``."""

from tests.unit.declared import find_only, installed_with, requirements

find_only(installed_with(requirements("pictures")))

from bot.pictures.drawing_worker import main  # noqa: E402 - what it imports must be looked for after that

main()
