"""What a plain ``pip install`` brings for the extra ``embeddings``: a dry run that downloads metadata, and installs nothing.

``python -m benchmarks.extra``. It asks the package registry that pip is set up for.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What would bring gigabytes.
UNWANTED = {"torch", "sentence-transformers", "transformers", "tensorflow", "onnxruntime"}


def read_names(extra: str) -> set[str]:
    """Return the packages that pip would install into an empty environment."""
    wanted = f"{ROOT}[{extra}]" if extra else str(ROOT)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    done = subprocess.run([*command, wanted], stdout=subprocess.PIPE, check=True)
    return {each["metadata"]["name"].lower() for each in json.loads(done.stdout)["install"]}


def main() -> int:
    with_extra = read_names("embeddings")
    unwanted = sorted(with_extra & UNWANTED)
    print(f"{len(with_extra)} packages, of which for the extra: {', '.join(sorted(with_extra - read_names('')))}")
    print(f"unwanted: {', '.join(unwanted) or 'none'}")
    return 1 if unwanted else 0


if __name__ == "__main__":
    sys.exit(main())
