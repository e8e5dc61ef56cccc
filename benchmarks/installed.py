"""Where the size of an installation goes: a fresh virtual environment with the wheel, then with each extra.

``python -m benchmarks.installed [--smallest MB]``. It asks the package registry that pip is set up for. Sizes are what the
files of each package take on disk (with the compiled modules that pip makes), in MB of 1,048,576 bytes; packages below
``--smallest`` are added up.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.extras import EXTRAS
from tests.packaging.wheel import build_wheel

#: Runs in the environment that is measured: the bytes of each distribution, by its name.
_MEASURE = """
import json
from importlib import metadata
from pathlib import Path
def blocks(file):
    path = Path(file.locate())
    return path.stat().st_blocks * 512 if path.is_file() else 0
print(json.dumps({each.name: sum(map(blocks, each.files or ())) for each in metadata.distributions()}))
"""
#: What ``python -m venv`` puts there itself, before Python 3.12 also the second.
_SEEDED = {"pip", "setuptools"}
_MB = 1_048_576


def measure(python: Path) -> dict[str, int]:
    """Return the bytes of each distribution in an environment."""
    done = subprocess.run([python, "-c", _MEASURE], stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def install(python: Path, wheel: Path, extra: str = "") -> dict[str, int]:
    """Install the wheel, or an extra of it, and return the bytes of each distribution that is there then."""
    wanted = f"{wheel}[{extra}]" if extra else str(wheel)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return measure(python)


def print_table(title: str, sizes: dict[str, int], smallest: float) -> None:
    print(f"\n{title}: {sum(sizes.values()) / _MB:.0f} MB in {len(sizes)} packages")
    large = {name: size for name, size in sizes.items() if size >= smallest * _MB}
    for name, size in sorted(large.items(), key=lambda item: -item[1]):
        print(f"  {size / _MB:6.1f}  {name}")
    rest = sum(sizes.values()) - sum(large.values())
    if rest:
        print(f"  {rest / _MB:6.1f}  {len(sizes) - len(large)} others")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smallest", type=float, default=1.0, metavar="MB")
    smallest = parser.parse_args().smallest
    with tempfile.TemporaryDirectory(prefix="dealwire-installed-") as name:
        folder = Path(name)
        wheel = build_wheel(folder / "dist")
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        python = folder / "venv" / "bin" / "python"
        before = measure(python)
        sizes = install(python, wheel)
        print_table("without extras", {each: size for each, size in sizes.items() if each not in _SEEDED}, smallest)
        print_table("put there by venv", before, smallest)
        for extra in EXTRAS:
            after = install(python, wheel, extra.name)
            print_table(f"added by {extra.name}", {each: after[each] for each in after.keys() - sizes.keys()}, smallest)
            sizes = after
        print(f"\nin all: {sum(sizes.values()) / _MB:.0f} MB in {len(sizes)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
