"""The image: built from the Dockerfile, and its commands run as its user, by Docker, Podman or Buildah."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

NAME = "dealwire-newcomer"
BUILD_SECONDS = 1_800
#: What the image is asked: a command, and what its output must contain.
COMMANDS: tuple[tuple[Sequence[str], str], ...] = (
    (("dealwire", "import", "/opt/dealwire/share/dealwire/seeds"), "imported"),
    (("dealwire", "show", "nissan", "foxconn"), "Nissan and Foxconn: EV production"),
    (("dealwire", "check"), "DISCORD_TOKEN is not set"),
    (("dealwire", "run"), "DISCORD_TOKEN is not set"),
    (("python3", "-m", "bot.healthcheck"), ""),
    (("id", "-u"), "10001"),
)


def check_image(repository: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Build the image of a checkout and run its commands. ``BASE`` in the environment is another image to build on.

    Raises SystemExit if no builder works here, or if a command does not print what it should.
    """
    builder = _find_builder()
    base = [f"--build-arg=BASE={environment['BASE']}"] if "BASE" in environment else []
    isolation = ["--isolation=chroot"] if builder == "buildah" else []
    command = [builder, "build", *isolation, *base, f"--tag={NAME}", str(repository)]
    subprocess.run(command, env=dict(environment), check=True, timeout=BUILD_SECONDS)
    say(f"{builder} builds the image")
    if builder == "buildah":
        container = _run(["buildah", "from", NAME], environment).strip()
        prefix, undo = ["buildah", "run", *isolation, container, "--"], ["buildah", "rm", container]
    else:
        volume = _run([builder, "volume", "create"], environment).strip()
        options = ["--rm", "--read-only", "--cap-drop=ALL", "--tmpfs=/tmp", f"--volume={volume}:/data", "--entrypoint="]
        prefix, undo = [builder, "run", *options, NAME], [builder, "volume", "rm", volume]
    try:
        for arguments, shown in COMMANDS:
            output = _run([*prefix, *arguments], environment)
            if shown not in output or "Traceback" in output:
                raise SystemExit(f"{' '.join(arguments)} does not print {shown!r} in the image: {output}")
            say(f"`{' '.join(arguments)}` works in the image")
    finally:
        _run(undo, environment)


def _find_builder() -> str:
    for builder in ("docker", "podman", "buildah"):
        # A client without its service is of no use.
        if (
            shutil.which(builder)
            and subprocess.run([builder, "info"], capture_output=True, check=False).returncode == 0
        ):
            return builder
    raise SystemExit("Neither Docker, Podman nor Buildah works here.")


def _run(command: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout
