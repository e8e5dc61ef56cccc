"""Legal forms of companies (Inc., GmbH, 株式会社), which do not help to identify a company."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Folded forms. ``S.A.B. de C.V.`` folds to single letters, ``SAB de CV`` does not, so both are listed.
_FORM_LINES = """
co ltd|co limited|company limited|co inc|ltd|limited|inc|incorporated|corp|corporation|co|company|companies|plc|p l c|llc|l l c|llp|lp
ag|a g|se|kg|kgaa|gmbh|gmbh co kg|gmbh and co kg|mbh|ohg|sa|s a|sas|s a s|sarl|s a r l|spa|s p a|srl|s r l|nv|n v|bv|b v
ab|a b|as|a s|asa|oy|oyj|aps|kk|k k|kabushiki kaisha|godo kaisha|sab de cv|s a b de c v|sa de cv|s a de c v|sl|s l|ltda
pty|pty ltd|pte|pte ltd|bhd|sdn bhd|berhad|tbk|jsc|pjsc|ojsc|pvt ltd|private limited|pvt|sp z o o|doo|kft|zrt|nyrt|as a s
ооо|оао|пао|зао|ао|주|주식회사|유한회사|group|holding|holdings|the
"""
LEGAL_FORMS = frozenset(tuple(form.split()) for line in _FORM_LINES.split("\n") for form in line.split("|") if form)
_MAX_FORM_WORDS = max(map(len, LEGAL_FORMS))
_LAST_WORDS = frozenset(form[-1] for form in LEGAL_FORMS)
#: Forms that unspaced scripts attach to the name.
_UNSPACED_FORMS = re.compile("株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|股份公司|주식회사")


def remove_unspaced_forms(text: str) -> str:
    """Return the text with a space in place of every form of an unspaced script."""
    return _UNSPACED_FORMS.sub(" ", text)


def count_form_words(words: Sequence[str], index: int) -> int:
    """Return how many words the longest form that begins at an index has; 0 if there is none."""
    for length in range(min(_MAX_FORM_WORDS, len(words) - index), 0, -1):
        if tuple(words[index : index + length]) in LEGAL_FORMS:
            return length
    return 0


def remove_trailing_forms(words: Sequence[str]) -> tuple[str, ...]:
    """Return a folded name without the forms at its end; at least one word remains."""
    remaining_words = tuple(words)
    while len(remaining_words) > 1 and remaining_words[-1] in _LAST_WORDS:
        length = _count_trailing_form_words(remaining_words)
        if not length:
            break
        remaining_words = remaining_words[:-length]
    return remaining_words


def _count_trailing_form_words(words: tuple[str, ...]) -> int:
    for length in range(min(_MAX_FORM_WORDS, len(words) - 1), 0, -1):
        if words[-length:] in LEGAL_FORMS:
            return length
    return 0
