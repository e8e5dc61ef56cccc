"""Quotations in a text: which of its quotation marks are unpaired, and its sentences with no quotation cut open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

#: The marks that would close the open quotations, the innermost last.
OpenQuotations: TypeAlias = tuple[str, ...]

_MARK = re.compile("[\"'“”„‟«»‹›「」『』‘’‚]")
_CLOSING_MARKS = {"“": "”", "„": "“", "‟": "”", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "‘": "’",
    "‚": "‘", '"': '"', "'": "'", "”": "”"}  # fmt: skip
#: Which marks close a quotation that expects this one: writers mix them.
_ACCEPTED = {"”": '”"', "“": '“”"', '"': '"”“', "’": "’", "‘": "‘’"}
#: Deeper quotations are none that a person wrote.
_MAX_DEPTH = 4
_BEFORE_OPENERS = " \t\n\u00a0\u202f\u3000([{（—–-/:;,“„‟«»‹›「『‘‚\"'¿¡"
#: Words that begin with an apostrophe.
_ELISION = re.compile(r"(?:n|em|til|tis|twas|cause|bout|round)\b|\d", re.IGNORECASE)


def find_open_quotations(text: str, open_quotations: OpenQuotations = ()) -> OpenQuotations | None:
    """Return the quotations that are open at the end of a text, if these are at its beginning.

    Return None if the text closes a quotation that is not open. Apostrophes and the signs of inches are no marks.
    """
    stack = list(open_quotations)
    return None if _scan(text, stack) is None else tuple(stack)


def has_unpaired_mark(text: str) -> bool:
    """Return whether a quotation of a text has only its beginning or only its end there."""
    return find_open_quotations(text) != ()


def join_quotations(sentences: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of a text, with those that share a quotation as one; leave out those whose quotation is cut.

    A quotation that is not closed before the line break cuts everything up to there.
    """
    unit, marks, is_cut = "", OpenQuotations(), False
    for sentence in sentences:
        unit += sentence
        found = find_open_quotations(sentence, marks)
        is_cut = is_cut or found is None
        marks = found or ()
        if not marks or sentence.endswith("\n"):
            if not marks and not is_cut:
                yield unit
            unit, marks, is_cut = "", (), False


def remove_quotations(text: str) -> str:
    """Return what a text says outside its quotations; empty if one of them is cut."""
    stack: list[str] = []
    ends = _scan(text, stack)
    if ends is None or stack:
        return ""
    positions = [0, *ends, len(text)]
    return " ".join(text[start:end] for start, end in zip(positions[::2], positions[1::2], strict=True))


def _scan(text: str, stack: list[str]) -> list[int] | None:
    """Open and close the quotations of a text; return where an outermost one begins and ends, None if one only ends."""
    ends: list[int] = []
    for match in _MARK.finditer(text):
        mark, index = match.group(), match.start()
        before, after = text[index - 1 : index] or " ", text[index + 1 : index + 2] or " "
        if mark in "'’‘" and not _is_quotation_mark(mark, before, after, text[index + 1 : index + 9], stack):
            continue
        if stack and mark in _ACCEPTED.get(stack[-1], stack[-1]) and not _clearly_opens(mark, before, after):
            stack.pop()
            if not stack:
                ends.append(index + 1)
        elif _can_open(mark, before, after) and len(stack) < _MAX_DEPTH:
            if not stack:
                ends.append(index)
            stack.append(_CLOSING_MARKS[mark])
        elif not (mark in '"”' and before.isdigit()):
            return None
    return ends


def _is_quotation_mark(mark: str, before: str, after: str, following: str, stack: list[str]) -> bool:
    """Return whether a single mark is no apostrophe."""
    if stack and stack[-1] == "‘" and mark in "‘’":  # ‚so‘
        return not after.isalnum()
    if mark == "‘":
        return not after.isdigit() and not after.isspace()
    expected = "’" if mark == "’" else "'"
    if stack and stack[-1] == expected and not after.isalnum() and not before.isspace():
        return True
    return mark == "'" and before in _BEFORE_OPENERS and after.isalpha() and not _ELISION.match(following)


def _clearly_opens(mark: str, before: str, after: str) -> bool:
    """Return whether a mark opens a quotation although it could close the present one: the end of that is missing."""
    return mark in '"”“' and before.isspace() and after.isalnum()


def _can_open(mark: str, before: str, after: str) -> bool:
    if mark in "」』’":
        return False
    if mark in '”»›"':
        return before in _BEFORE_OPENERS and not after.isspace()
    return True
