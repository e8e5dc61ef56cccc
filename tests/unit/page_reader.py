"""The process that reads feeds and pages, as an old pip installs it with the extra ``pages``."""

from tests.unit.declared import find_only, installed_with, requirements

find_only(installed_with(requirements("pages")))

# What these import must be looked for after that.
from bot.newsroom.parsing import jobs, page_jobs  # noqa: E402
from bot.subprocesses.worker import serve  # noqa: E402


def warm_up() -> None:
    jobs.warm_up()
    page_jobs.warm_up()


serve({**jobs.JOBS, **page_jobs.JOBS}, warm_up)
