"""The documents of the project: their links, anchors and blocks of code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), ROOT / "tests" / "README.md", *(ROOT / "docs").rglob("*.md")])

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE_SPAN = re.compile(r"`([^`\n]+)`")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"\s]+)\"")
_HEADING = re.compile(r"^#{1,6} (.+?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block: its document, its language (empty if none is given) and its text."""

    document: Path
    language: str
    text: str


def read(document: Path) -> str:
    """Return a document's text."""
    return document.read_text(encoding="utf-8")


def name_of(document: Path) -> str:
    """Return a document's path within the project."""
    return str(document.relative_to(ROOT))


def list_blocks(*languages: str) -> list[CodeBlock]:
    """Return the blocks in these languages, or all blocks, of every document."""
    return [
        CodeBlock(document, language, text)
        for document in DOCUMENTS
        for language, text in _FENCE.findall(read(document))
        if not languages or language in languages
    ]


def list_code_spans(document: Path) -> list[str]:
    """Return what is written as code within the text of a document."""
    return _CODE_SPAN.findall(_FENCE.sub("", read(document)))


def list_links(document: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file and the anchor of every link that stays within the project, pictures too."""
    text = _CODE_SPAN.sub("", _COMMENT.sub("", _FENCE.sub("", read(document))))
    for match in _LINK.finditer(text):
        address = match[1] or match[2]
        if re.match(r"[a-z]+:", address):
            continue
        path, _, anchor = address.partition("#")
        yield (document.parent / path if path else document), anchor


def list_anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a document."""
    counts: Counter[str] = Counter()
    anchors = set()
    for heading in _HEADING.findall(_FENCE.sub("", read(document))):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        anchors.add(f"{slug}-{counts[slug]}" if counts[slug] else slug)
        counts[slug] += 1
    return anchors
