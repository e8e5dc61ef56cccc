"""A stranger's first minutes: a fresh clone, an empty home, the README's two commands, the demo's page in a browser.

Run it with ``make newcomer``. It takes some minutes, for it installs everything anew and runs every test; ``make test``
leaves it out. With ``--demo-only`` the tests are left out: for who runs them in a fresh clone anyway. With ``--wheel`` it is
somebody without a clone: the wheel and its extras are installed by pip into a fresh environment, and used from an empty folder.
With ``--image`` the image is built and its commands are run, by Docker, Podman or Buildah.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tests.newcomer.image import check_image
from tests.packaging.wheel import build_wheel

REPOSITORY = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SHOWN = ("Dealwire", "Nissan and Foxconn: EV production", "Disputed", "Full story")
SETUP_SECONDS = 600
TEST_SECONDS = 2_400


def main() -> int:
    """Do what the README says, in a new folder; 0 when all of it works."""
    demo_only = "--demo-only" in sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="dealwire-newcomer-") as folder:
        home, clone = Path(folder) / "home", Path(folder) / "dealwire"
        home.mkdir()
        environment = {**_plain_environment(), "HOME": str(home)}
        if "--wheel" in sys.argv[1:]:
            _check_wheel(Path(folder), environment)
            return 0
        if "--image" in sys.argv[1:]:
            check_image(REPOSITORY, environment, _say)
            return 0
        subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(clone)], check=True)
        _check_demo(["make", "demo"], clone, environment)
        _say("`make demo` serves its page")
        if not demo_only:
            subprocess.run(["make", "test"], cwd=clone, env=environment, check=True, timeout=TEST_SECONDS)
            _say("`make test` passes in a fresh clone")
    return 0


def _plain_environment() -> dict[str, str]:
    """Return the machine's environment without what is set for this project or its tests."""
    ours = ("DISCORD_", "DATABASE_", "DESK_", "SEEDS", "VIRTUAL_ENV", "PYTHONPATH", "MAKE", "MFLAGS")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _check_wheel(folder: Path, environment: dict[str, str]) -> None:
    """Install the wheel with pip, and do what its user can do without a token."""
    wheel, empty, bin_folder = build_wheel(folder / "dist"), folder / "empty", folder / "venv" / "bin"
    empty.mkdir()
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], env=environment, check=True)
    extras = "demo,embeddings,pages,pictures"
    command = [str(bin_folder / "python"), "-m", "pip", "install", "--quiet", f"dealwire[{extras}] @ {wheel.as_uri()}"]
    subprocess.run(command, env=environment, check=True, timeout=SETUP_SECONDS)
    _check_demo([str(bin_folder / "dealwire"), "demo"], empty, environment)
    _say("`dealwire demo` serves its page")
    seeds = bin_folder.parent / "share" / "dealwire" / "seeds"
    for arguments, shown in (
        (["import", str(seeds)], "imported"),
        (["show", "nissan", "foxconn"], SHOWN[1]),
        (["check"], "DISCORD_TOKEN is not set"),
        (["run"], "DISCORD_TOKEN is not set"),
    ):
        done = subprocess.run(
            [bin_folder / "dealwire", *arguments],
            cwd=empty,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if shown not in done.stdout or "Traceback" in done.stdout:
            raise SystemExit(f"dealwire {arguments[0]} does not print {shown!r}: {done.stdout}")
        _say(f"`dealwire {arguments[0]}` works from the wheel")


def _check_demo(command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
    demo = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    overdue = threading.Timer(SETUP_SECONDS, os.killpg, (demo.pid, signal.SIGKILL))
    overdue.start()
    try:
        url = _printed_url(demo)
        with urllib.request.urlopen(url.split("#")[0], timeout=10) as answer:  # noqa: S310 - loopback, ours
            assert answer.status == 200, answer.status
        _look(url, Path(environment["HOME"]))
    finally:
        overdue.cancel()
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(timeout=30)


def _printed_url(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    for line in demo.stdout:
        sys.stdout.write(line)
        found = re.search(r"http://127\.0\.0\.1:\d+/\S+", line)
        if found:
            return found[0]
    raise SystemExit("The demo ended without printing an address.")


def _look(url: str, home: Path) -> None:
    """Open the page in a browser, where there is one, and see that the answer stands on it."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        _say("no browser here: the page was fetched, not looked at")
        return
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    flags += ["--disable-background-networking", "--disable-component-update", f"--user-data-dir={home / 'browser'}"]
    page = subprocess.run(
        [browser, *flags, "--virtual-time-budget=10000", "--dump-dom", url],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    missing = [text for text in SHOWN if text not in page]
    if missing:
        raise SystemExit(f"The demo's page does not show {missing}.")
    _say("the demo's page shows the answer to !deal nissan")


def _say(text: str) -> None:
    print(f"newcomer: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
