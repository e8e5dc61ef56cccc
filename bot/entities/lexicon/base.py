"""The words of one language by which a headline shows that a name means a company."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeadlineLexicon:
    """The words of one language. Texts are read in every language at once, so words that mislead in another are left out.

    Attributes:
        code: the language's code.
        wire_prefixes: what news agencies put before a headline and a hyphen (``BRIEF``), separated by spaces.
        verbs: what companies do, in the form that follows the first word of a headline, separated by spaces.
        auxiliaries: verbs that follow any word, so that only a name that is no common word acts, separated by spaces.
        noun_verbs: those of them that are plural nouns too (``delays``).
        noun_followers: what shows after a noun verb that it is a noun: verbs with a plural subject (*visa delays hit*), prepositions.
        event_verbs: verbs that before a preposition are said of what happens (*the chase ends in a crash*), separated by spaces.
        passive_participles: what is done to companies, for participles without an auxiliary (``sued``), separated by spaces.
        passive_followers: the words that follow such a participle (``by``).
        object_verbs: verbs whose object, with a capital, is usually a company, separated by spaces.
        conjunctions: what is between the last two names of a list, separated by spaces.
        uncapitalized_words: longer words that need no capital in a headline that has one on every word, separated by spaces.
        function_words: frequent words that English texts hardly have, separated by spaces.
        other_heads: words with which, after a company's name, the name of somebody else ends (``Foundation``), separated by spaces.
        other_lines: lines of business with which, after a name that is a word, the name of somebody else ends (``Pharmaceuticals``).
        compound_nouns: what follows a company's name and a hyphen (``Werk``), separated by spaces.
        stock_words: words before tickers, separated by spaces (``shares``).
        other_terms: names and terms that have a company's name in them but mean something else, separated by ``|``.
        name_suffixes: what a name continues with and still is the same company, separated by spaces, in unspaced scripts.
        surnames: names of companies that are surnames too, separated by spaces, in unspaced scripts.
        company_nouns: the beginnings of words that follow a company's name but no surname, separated by spaces.
        person_titles: what follows a person's name, separated by spaces.
        counted_names: names that are something else before a number, separated by spaces (日産: produced daily).
    """

    code: str
    wire_prefixes: str = ""
    verbs: str = ""
    auxiliaries: str = ""
    noun_verbs: str = ""
    noun_followers: str = ""
    event_verbs: str = ""
    passive_participles: str = ""
    passive_followers: str = ""
    object_verbs: str = ""
    conjunctions: str = ""
    uncapitalized_words: str = ""
    function_words: str = ""
    other_heads: str = ""
    other_lines: str = ""
    compound_nouns: str = ""
    stock_words: str = ""
    other_terms: str = ""
    name_suffixes: str = ""
    surnames: str = ""
    company_nouns: str = ""
    person_titles: str = ""
    counted_names: str = ""
