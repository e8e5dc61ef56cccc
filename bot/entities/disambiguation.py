"""Decide by the surrounding words whether an ambiguous name (*Fox*, *Live*) means the company."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.entities.lexicon import GERMAN, LEXICONS
from bot.entities.tokens import Token
from bot.entities.well_known import find_well_known_name, find_well_known_phrases
from bot.entities.word_frequencies import get_word_frequencies
from bot.model.text_folding import fold


def collect_words(field: str) -> frozenset[str]:
    """Return the folded words of a field of all lexicons."""
    return frozenset(fold(word) for lexicon in LEXICONS for word in getattr(lexicon, field).split())


#: Company names that are something else at least as often. Common words are recognised by their frequency instead.
AMBIGUOUS_NAMES = frozenset(
    """accolade affirm aflac alaska alliance ally alphabet amazon amber american anchor apex apple arch arm aspen atlas aurora
    avid avis axis bandwidth beacon beam blend block bloom bolt boss box breeze bumble cadence canon canoo carnival carrier
    cascade caterpillar celestial centene chase chevron chrysalis chubb cisco clarity clover coach cobalt comet compass
    condor confluence copa corona corsair crane crocs crown cupra current dart delta diamond discover discovery dodge
    dolphin domino dove eagle eclipse edison elastic element embark ember emerald emirates encompass energizer engage
    express fable fathom fiat fisker flex fluent focus ford forge fortune fox frontier galaxy gap gemini genesis globe grab
    granite graphite grid guess halo hercules hertz hess hippo horizon hub hummer hyperion indigo infinity insight inspire
    iron jaguar jasper juniper keystone kia lance legacy lemonade liberty lincoln live lotus lucid lumen lyft lynx magna
    marathon mars marvel match maverick mentor mercury meridian meta mini mirage monarch monster mustang navigator nest
    nexen next nike nikola nomad north norwegian nova oasis ocean omega omnibus onto opal oracle orange orbit orion oscar
    pace pacer panther paragon parrot patriot pegasus peloton phoenix pilot pinnacle pioneer planet polar polestar poseidon
    premier prime progressive prologue prudential pulse puma quantum quest radiant ram ranger rapid raven regal relay
    resolute revolve rivian rocket root rover ruby rumble rush sabre sage sapphire saturn scout sea seat select sentinel
    sharp shell signal silk sky skyline slack smart snap snowflake solaris sonic spark sphere spire spirit sprint square
    star stellar stem stripe subway summit sunrise swatch swift swiss tandem target tata tempest tesla thor tide tiger titan
    toast topaz toro total trident triton triumph tutor twin uber united unity upstart urban vale valiant vanguard vector
    venture vertex virgin visa vista viva vivid volt vulcan wish wolf zenith zest zoom""".split()
)
#: Ambiguous names that mean the company if they begin a sentence: *Ford* and *Kia*, but neither *Titan* nor *Apple*.
BRANDS = frozenset(
    "canoo cisco cupra fiat fisker ford hertz hummer kia lyft magna nexen nikola polestar rivian tata tesla uber".split()
)
#: Brands that may be part of another name if a capitalised word follows: *Ford Madox*, *Magna Carta*.
_SURNAME_BRANDS = frozenset("fisker ford hertz magna nikola tata tesla".split())
#: What separates a brand at the start of a headline from the rest: *Tesla: neues Werk*.
_BRAND_SEPARATORS = frozenset((",", ":", "|", "-", "–", "—"))
#: What companies do: after the first word of a sentence these verbs show that a company acts.
_VERBS = collect_words("verbs")
_AUXILIARIES = collect_words("auxiliaries")
_NOUN_VERBS = collect_words("noun_verbs")
_NOUN_FOLLOWERS = collect_words("noun_followers")
_EVENT_VERBS = collect_words("event_verbs")
_PASSIVE_PARTICIPLES = collect_words("passive_participles")
_PASSIVE_FOLLOWERS = collect_words("passive_followers")
_OBJECT_VERBS = collect_words("object_verbs")
_CONJUNCTIONS = collect_words("conjunctions")
#: Words that English texts hardly have, but one by one in names (*La Jolla*).
_FUNCTION_WORDS = collect_words("function_words")
#: Words that hardly any text but a German one has.
_GERMAN_WORDS = frozenset(map(fold, GERMAN.function_words.split()))
_GERMAN_LETTERS = frozenset("äöüß")
#: What a company sells under its own name: *Mini Cooper* is MINI.
_PRODUCTS = {
    "apple": frozenset("arcade card carplay intelligence ipad iphone macbook maps music news pay podcasts silicon store studios tv vision watch".split()),
    "mini": frozenset("aceman clubman cooper countryman electric".split()),
    "ram": frozenset("1500 2500 3500 promaster".split()),
    "meta": frozenset("ai quest".split()),
    "amazon": frozenset("alexa echo fresh prime".split()),
}  # fmt: skip
#: What separates two names of a list, besides conjunctions.
_LIST_SIGNS = frozenset((",", "&", "/", "、", "・", "+"))
#: Words that form one term with a common word directly after them: *sales target*.
_METRIC_WORDS = frozenset(
    "sales profit profits production deliveries earnings growth price emissions quarterly climate".split()
)
HYPHENS = ("-", "\u2010", "\u2011")
#: Words that show, after a name and a hyphen, that the name is a company: *Arm-based*.
_COMPOUND_PARTICIPLES = frozenset(
    """affiliated based backed branded built controlled designed developed funded led like linked made owned powered run style
    supplied""".split()
)
#: Words that show, after a name, that it is a company.
COMPANY_SUFFIXES = frozenset(
    """ab ag aktiengesellschaft airlines asa auto automobile automobiles automotive bank batteries bhd bv chemical co company
    corp corporation electric electronics energy enterprises foods gmbh group holding holdings inc incorporated industries
    international kg kgaa kk labs limited llc lp ltd manufacturing media motor motors nv oy oyj partners pharma
    pharmaceuticals plc power precision pte pty robotics sa sas se semiconductor software solutions spa srl steel systems
    technologies technology telecom""".split()
)
#: Words that show, near a name, that the text is about companies.
BUSINESS_WORDS = frozenset(
    """acquire acquired acquires acquisition announced announces automaker automakers bid board brand buy buys buyout
    carmaker carmakers ceo cfo chairman chief chipmaker contract customers deal dealers deliveries division earnings
    employees executive factory firm giant headquarters invest invests investment investors joint launches layoffs maker
    manufacturer merge merger merges nasdaq nyse offer owned owner parent partner partners partnership plant plants
    production profit profits quarter quarterly recall recalled recalls rival rivals sales sells shareholder shareholders shares sold spokesman
    spokesperson spokeswoman stake startup stock stocks subsidiary supplier suppliers supply takeover talks unit unveils
    venture workers""".split()
)  # fmt: skip
#: First names that look like a company's genitive.
_FIRST_NAMES = frozenset(("nikolas",))
#: Names of two companies: after a possessive (*BMW's Rolls-Royce*) the other's.
_SHARED_NAMES = frozenset({("rolls", "royce")})
#: *GoTo* and *eBay* are companies; *McDonald* may be a person.
_INNER_CAPITAL = re.compile("(?!Mac|Mc)[A-Z]?[a-z]+[A-Z]")
_ARTICLES = frozenset(("a", "an", "the"))
_OTHER_HEADS = collect_words("other_heads")
_OTHER_LINES = collect_words("other_lines")
_COMPOUND_NOUNS = collect_words("compound_nouns")
#: How many words of a text show its language, and how many of them must not be English.
_LANGUAGE_WORDS = 40
_MIN_FUNCTION_WORDS = 2
#: How many words before and after a name are its context.
_CONTEXT_WORDS = 3


def _get_next(tokens: Sequence[Token], last: int) -> Token | None:
    """Return the word after a name; None at the end."""
    return tokens[last + 1] if last + 1 < len(tokens) else None


def is_ambiguous(words: Sequence[str]) -> bool:
    """Return whether a name is also a word: one word that news writes in lower case too, a single letter, or one of :data:`AMBIGUOUS_NAMES`."""
    if len(words) != 1:
        return False
    return (
        words[0] in AMBIGUOUS_NAMES
        or get_word_frequencies().is_sometimes_lowercase(words[0])
        or (len(words[0]) == 1 and words[0].isascii())
    )


def has_company_context(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Return whether the words around a name show that it is a company: a suffix after it, or business words nearby."""
    next_tokens = tokens[last + 1 : last + 1 + _CONTEXT_WORDS]
    if next_tokens and not next_tokens[0].is_sentence_start and next_tokens[0].normal_form in COMPANY_SUFFIXES:
        return True
    previous_tokens = tokens[max(0, first - _CONTEXT_WORDS) : first]
    if (
        previous_tokens
        and len(tokens[first].normal_form) == 1
        and previous_tokens[-1].is_capitalized
        and not tokens[first].is_sentence_start
    ):
        return False  # *Model X*
    if (
        previous_tokens
        and get_word_frequencies().is_common(tokens[first].normal_form)
        and previous_tokens[-1].normal_form in (*_METRIC_WORDS, "to")
    ):
        return False
    return any(token.normal_form in BUSINESS_WORDS for token in (*previous_tokens, *next_tokens))


def acts_as_subject(tokens: Sequence[Token], first: int, last: int, text: str) -> bool:
    """Return whether a name begins a sentence as its subject: before a verb, with a possessive, or as a brand.

    A brand may also begin a list (*Kia, Hyundai recall*). With a hyphen and a noun it counts anywhere (*Streik im Ford-Werk*).
    """
    if first == last and is_brand_possessive(tokens, first, text):
        return True
    if not tokens[first].is_sentence_start or last + 1 == len(tokens):
        return False
    if tokens[last].is_possessive:
        return True
    next_token = tokens[last + 1]
    gap = text[tokens[last].end : next_token.start].strip()
    is_brand = first == last and tokens[first].apostrophe_stem in BRANDS
    if gap or next_token.is_sentence_start:
        return is_brand and gap in _BRAND_SEPARATORS
    if next_token.normal_form == "to" or _is_predicate(tokens, last + 1):
        return True
    if next_token.normal_form in _AUXILIARIES and not get_word_frequencies().is_common(tokens[first].normal_form):
        return True
    if not is_brand or next_token.normal_form in _ARTICLES:
        return False
    is_other_name = next_token.is_capitalized and tokens[first].apostrophe_stem in _SURNAME_BRANDS
    return not is_other_name or _is_predicate(tokens, last + 2)


def _is_predicate(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a verb is at an index, or a participle for what is done to a company (*sued by*)."""
    word = tokens[index].normal_form if index < len(tokens) else ""
    next_word = tokens[index + 1].normal_form if index + 1 < len(tokens) else ""
    if word in _PASSIVE_PARTICIPLES and next_word in _PASSIVE_FOLLOWERS:
        return True
    if word in _EVENT_VERBS and next_word != "to" and (next_word in _PASSIVE_FOLLOWERS or not next_word):
        return False
    if word in _NOUN_VERBS:
        # *Visa delays hit hiring* and *Live updates: …* have a noun here.
        is_last = index + 1 == len(tokens) or tokens[index + 1].is_sentence_start
        return not is_last and next_word not in _NOUN_FOLLOWERS
    return word in _VERBS


def is_object(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Return whether a name is the whole object of what is done to companies: *EU Fines Apple Over Store Rules*."""
    next_token = _get_next(tokens, last)
    ends = next_token is None or next_token.is_sentence_start or next_token.normal_form in _PASSIVE_FOLLOWERS
    return ends and first > 0 and tokens[first - 1].normal_form in _OBJECT_VERBS


def stands_among_words(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Return whether a brand or a possessive is inside a sentence, and no word beside it belongs to a longer name.

    *Judge Clears Tesla In Crash* and *See Fox's New Show*, but not *Harrison Ford* and *Michael J. Fox's Book*.
    """
    token, previous_token = tokens[first], tokens[first - 1]
    if first != last or token.is_sentence_start or get_word_frequencies().is_common(token.base_form):
        return False
    if token.base_form not in BRANDS and not token.is_possessive:
        return False
    beside = [previous_token] if token.is_possessive else [previous_token, *tokens[last + 1 : last + 2]]
    return all((each is not previous_token and each.is_sentence_start) or _is_plain_word(each) for each in beside)


def _is_plain_word(token: Token) -> bool:
    """Return whether a word, also with a capital, is no part of a name."""
    return (
        not token.is_capitalized
        or get_word_frequencies().is_common(token.base_form)
        or token.normal_form in _VERBS
        or token.normal_form in _CONJUNCTIONS
    )


def is_product(tokens: Sequence[Token], last: int) -> bool:
    """Return whether the word after a name is what that company sells: *Mini Cooper*."""
    next_token = _get_next(tokens, last)
    return (
        next_token is not None
        and not next_token.is_sentence_start
        and not next_token.surface.islower()
        and next_token.normal_form in _PRODUCTS.get(tokens[last].normal_form, ())
    )


def is_other_name(words: Sequence[str], tokens: Sequence[Token], last: int, text: str) -> bool:
    """Return whether the word after a name makes it the name of somebody else: *Ford Foundation*, *Titan Pharmaceuticals*."""
    next_token = _get_next(tokens, last)
    if next_token is None or not next_token.is_capitalized or text[tokens[last].end : next_token.start] != " ":
        return False
    is_word = is_ambiguous(words) and words[0] not in BRANDS
    return next_token.normal_form in _OTHER_HEADS or (is_word and next_token.normal_form in _OTHER_LINES)


def begins_longer_name(tokens: Sequence[Token], last: int, text: str, *, is_german_text: bool) -> bool:
    """Return whether a name is followed by a word with a capital that shows nothing of a company: *Crown Estate*.

    Brands have models (*Ford Ranger*), and German nouns have capitals anyway.
    """
    next_token = _get_next(tokens, last)
    if next_token is None or text[tokens[last].end : next_token.start] != " " or tokens[last].is_possessive:
        return False
    if tokens[last].normal_form in BRANDS or is_german_text:
        return False
    word = next_token.normal_form
    is_proper = next_token.surface[0].isupper() and next_token.surface[1:].islower()
    return is_proper and word not in COMPANY_SUFFIXES and word not in BUSINESS_WORDS and word not in _VERBS


def is_owned_namesake(words: Sequence[str], tokens: Sequence[Token], first: int) -> bool:
    """Return whether a name that two companies share is said to be somebody's, so the other's: *BMW's Rolls-Royce*."""
    previous_token = tokens[first - 1] if first else None
    return (
        tuple(words) in _SHARED_NAMES
        and previous_token is not None
        and (previous_token.is_possessive or previous_token.normal_form in ("owned", "tochter"))
    )


def is_listed_with_company(tokens: Sequence[Token], first: int, last: int, text: str) -> bool:
    """Return whether a name is in a list next to a well-known company, or to a brand: *Apple and Goldman Sachs*."""
    following = find_list_neighbour(tokens, last, 1, text)
    preceding = find_list_neighbour(tokens, first, -1, text)
    return (following is not None and _begins_company(tokens[following : following + 3])) or (
        preceding is not None and _ends_company(tokens[max(0, preceding - 2) : preceding + 1])
    )


def find_list_neighbour(tokens: Sequence[Token], index: int, step: int, text: str) -> int | None:
    """Return the index of the next (``step`` 1) or previous (-1) word of a list that a word is in; None if there is none."""
    neighbour = index + step
    if not 0 <= neighbour < len(tokens):
        return None
    one, other = sorted((index, neighbour))
    gap = text[tokens[one].end : tokens[other].start].strip()
    if tokens[neighbour].normal_form in _CONJUNCTIONS and gap in ("", ",") and 0 <= neighbour + step < len(tokens):
        return neighbour + step
    return neighbour if gap in _LIST_SIGNS else None


def _begins_company(tokens: Sequence[Token]) -> bool:
    words = [token.normal_form for token in tokens]
    return tokens[0].is_capitalized and (_is_company_word(tokens[0]) or _is_phrase(words[:2]) or _is_phrase(words))


def _ends_company(tokens: Sequence[Token]) -> bool:
    words = [token.normal_form for token in tokens]
    return tokens[-1].is_capitalized and (_is_company_word(tokens[-1]) or _is_phrase(words[-2:]) or _is_phrase(words))


def _is_company_word(token: Token) -> bool:
    word = token.base_form
    has_inner_capital = _INNER_CAPITAL.match(token.surface) is not None
    return (
        has_inner_capital or word in BRANDS or (word not in AMBIGUOUS_NAMES and find_well_known_name(word) is not None)
    )


def _is_phrase(words: Sequence[str]) -> bool:
    return tuple(words) in find_well_known_phrases(words)


def is_english(tokens: Sequence[Token]) -> bool:
    """Return whether a text may be English, so that *a* and *an* are articles."""
    return sum(token.normal_form in _FUNCTION_WORDS for token in tokens[:_LANGUAGE_WORDS]) < _MIN_FUNCTION_WORDS


def is_german(tokens: Sequence[Token]) -> bool:
    """Return whether a text has a word or a letter that shows it to be German."""
    return any(
        token.normal_form in _GERMAN_WORDS or not _GERMAN_LETTERS.isdisjoint(token.surface)
        for token in tokens[:_LANGUAGE_WORDS]
    )


def is_brand_possessive(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Return whether a token is a German possessive of a brand: with a hyphen (*Ford-Werk*) or as a genitive (*Teslas Aktie*)."""
    token = tokens[index]
    hyphenated_word = find_hyphenated_word(tokens, index, text)
    if token.normal_form in BRANDS:
        return hyphenated_word is not None and hyphenated_word.is_capitalized
    is_name = index > 0 and tokens[index - 1].is_capitalized and not token.is_sentence_start
    return is_brand_genitive(token.normal_form) and not is_name


def is_first_name(token: Token) -> bool:
    """Return whether a word that looks like a company's genitive is a first name."""
    return token.normal_form in _FIRST_NAMES


def is_brand_genitive(word: str) -> bool:
    """Return whether a folded word is the German genitive of a brand, and not a first name (*Nikolas*)."""
    return word.endswith("s") and word[:-1] in BRANDS and word not in _FIRST_NAMES


def find_hyphenated_word(tokens: Sequence[Token], last: int, text: str) -> Token | None:
    """Return the word that a hyphen joins to the end of a name; None if there is none."""
    end = tokens[last].end
    is_joined = text[end : end + 1] in HYPHENS and last + 1 < len(tokens) and tokens[last + 1].start == end + 1
    return tokens[last + 1] if is_joined else None


def is_company_compound(hyphenated_word: Token | None) -> bool:
    """Return whether the second part of a compound shows that the first is a company: *Arm-based*, *Lotus-Werk*."""
    if hyphenated_word is None:
        return False
    word = hyphenated_word.normal_form
    return word in _COMPOUND_PARTICIPLES or (hyphenated_word.is_capitalized and word in _COMPOUND_NOUNS)


def is_standalone_name(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Return whether a capital means a name here: inside a sentence, next to no other capital, and not after an article."""
    if tokens[first].is_sentence_start:
        return False
    previous_token, next_token = tokens[first - 1], _get_next(tokens, last)
    # A capital that only begins the sentence does not make the two words one name: *The Fox*, but *Xbox Live*.
    only_starts_sentence = previous_token.is_sentence_start and get_word_frequencies().is_common(
        previous_token.normal_form
    )
    if (previous_token.normal_form in _ARTICLES and is_english(tokens)) or (
        previous_token.is_capitalized and not only_starts_sentence
    ):
        return False
    return next_token is None or next_token.is_sentence_start or not next_token.is_capitalized
