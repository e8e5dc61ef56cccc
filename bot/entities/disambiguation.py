"""Decide by the surrounding words whether an ambiguous name (*Fox*, *Live*) means the company."""

from __future__ import annotations

from collections.abc import Sequence

from bot.entities.tokens import Token
from bot.entities.word_frequencies import get_word_frequencies
from bot.model.text_folding import fold

#: Company names that are something else at least as often. Common words are recognised by their frequency instead.
AMBIGUOUS_NAMES = frozenset(
    """alphabet amazon ally apple arm aurora avis axis block canoo canon carnival caterpillar chase chevron chrysalis cisco clover
    comet corona crocs cupra current dart delta discovery dodge dolphin dove eagle eclipse ember fable fiat fisker focus ford
    forge fox galaxy gap genesis globe halo hertz hub hummer infinity jaguar kia lance lincoln live lotus lucid lynx lyft
    magna mars maverick mercury meta mini mustang nest nexen next nike nikola nomad north nova oasis ocean omega onto oracle
    orange orbit orion panther parrot phoenix pilot pioneer polar polestar pulse puma quest ram rapid raven rivian rover
    saturn scout seat sharp shell signal slack smart snap sonic spark spirit sprint square star stellar stripe subway summit
    sunrise swatch target tata tesla tide tiger titan toro triumph twin uber unity urban vale vector venture visa vista
    volt wolf zoom""".split()
)
#: Ambiguous names that mean the company if they begin a sentence: *Ford* and *Kia*, but neither *Titan* nor *Apple*.
BRANDS = frozenset(
    "canoo cisco cupra fiat fisker ford hertz hummer kia lyft magna nexen nikola polestar rivian tata tesla uber".split()
)
#: Brands that may be part of another name if a capitalised word follows: *Ford Madox*, *Magna Carta*.
_SURNAME_BRANDS = frozenset("fisker ford hertz magna nikola tata tesla".split())
#: What separates a brand at the start of a headline from the rest: *Tesla: neues Werk*.
_BRAND_SEPARATORS = frozenset((",", ":", "|", "-", "–", "—"))
#: Headline verbs in the third person. After the first word of a sentence they show that a company acts.
_HEADLINE_VERBS = frozenset(
    fold(word)
    for word in """accuses acquires adds adopts agrees aims announces appeals appoints approves asks awaits backs bans beats begins bets blames
    boosts borrows braces breaks brings buys calls cancels challenges chooses claims clinches closes commits completes confirms
    considers courts cuts debuts declares defends delays denies discloses ditches doubles drops eliminates ends enters expands
    expects explores extends faces falls fights files fires fixes gains gets gives goes hails halts halves has hikes hires hits holds
    idles imports increases introduces invests joins keeps lags launches lays leads leaves lifts loses lowers makes meets misses moves
    mulls names nears negotiates opens orders overhauls overtakes owns partners pauses pays picks plans pledges posts prepares
    promises pulls pushes puts quits raises ramps reaches rebrands recalls records reduces refuses rehires rejects removes replaces
    reports resumes retires returns reveals revives rises rolls says scales scraps scores secures seeks sees sells sets settles sheds
    shelves shifts ships shows shuts sides signs slashes slips slows snaps speeds splits spends spins starts stops strikes sues
    supplies surges suspends swaps switches takes targets taps tells tests threatens tops trails trials trims tumbles turns unveils
    upgrades urges wants warns weighs widens will wins withdraws
    abandona acelera acuerda adquiere amplía anuncia apuesta busca cancela cierra compra confirma construye crea despide detiene
    entra estudia fabrica firma gana inaugura invierte lanza llama logra negocia niega ofrece para pierde presenta prevé produce quiere
    recorta reduce retira suspende vende
    baut beendet beginnt bestätigt bietet bringt dementiert entlässt erhält erhöht eröffnet fordert gewinnt gibt kauft kündigt
    liefert macht meldet nennt plant präsentiert prüft ruft schließt schliesst sieht spart startet steigert stellt stoppt streicht
    sucht testet trennt übernimmt verhandelt verkauft verlagert verliert verschiebt verspricht warnt zahlt zeigt zieht
    achète annonce cède ferme lance négocie prévoit rappelle signe supprime vend veut""".split()
)
#: What separates two names of a list.
LIST_SEPARATORS = frozenset((",", "&", "/", "and", "or", ", and", "und", "oder", "y", "e", "et", "、", "・"))
#: Words that form one term with a common word directly after them: *sales target*.
_METRIC_WORDS = frozenset(
    "sales profit profits production deliveries earnings growth price emissions quarterly climate".split()
)
HYPHENS = ("-", "\u2010", "\u2011")
#: Words that show, after a name and a hyphen, that the name is a company: *Arm-based*.
_COMPOUND_PARTICIPLES = frozenset(
    "based backed built designed developed led linked made owned powered run supplied".split()
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
_ARTICLES = frozenset(("a", "an", "the"))
#: How many words before and after a name are its context.
_CONTEXT_WORDS = 3


def is_ambiguous(words: Sequence[str]) -> bool:
    """Return whether a name is also a word: one word that is common, a single letter, or one of :data:`AMBIGUOUS_NAMES`."""
    if len(words) != 1:
        return False
    return (
        words[0] in AMBIGUOUS_NAMES
        or get_word_frequencies().is_common(words[0])
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
    next_token = tokens[last + 1]
    gap = text[tokens[last].end : next_token.start].strip()
    brand = tokens[first].apostrophe_stem
    if first == last and brand in BRANDS:
        is_other_name = next_token.is_capitalized and brand in _SURNAME_BRANDS
        return gap in _BRAND_SEPARATORS or not (gap or is_other_name or next_token.normal_form in _ARTICLES)
    if gap or next_token.is_sentence_start:
        return False
    return next_token.normal_form in _HEADLINE_VERBS or next_token.normal_form == "to" or tokens[last].is_possessive


def is_brand_possessive(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Return whether a token is a German possessive of a brand: with a hyphen (*Ford-Werk*) or as a genitive (*Teslas Aktie*)."""
    token = tokens[index]
    hyphenated_word = find_hyphenated_word(tokens, index, text)
    if token.normal_form in BRANDS:
        return hyphenated_word is not None and hyphenated_word.is_capitalized
    is_name = index > 0 and tokens[index - 1].is_capitalized and not token.is_sentence_start
    return is_brand_genitive(token.normal_form) and not is_name


def is_brand_genitive(word: str) -> bool:
    """Return whether a folded word is the German genitive of a brand, and not a first name (*Nikolas*)."""
    return word.endswith("s") and word[:-1] in BRANDS and word != "nikolas"


def find_hyphenated_word(tokens: Sequence[Token], last: int, text: str) -> Token | None:
    """Return the word that a hyphen joins to the end of a name; None if there is none."""
    end = tokens[last].end
    is_joined = text[end : end + 1] in HYPHENS and last + 1 < len(tokens) and tokens[last + 1].start == end + 1
    return tokens[last + 1] if is_joined else None


def is_company_compound(hyphenated_word: Token | None) -> bool:
    """Return whether the second part of a compound shows that the first is a company: *Arm-based*."""
    return hyphenated_word is not None and hyphenated_word.normal_form in _COMPOUND_PARTICIPLES


def is_standalone_name(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Return whether a capital means a name here: inside a sentence, next to no other capital, and not after an article."""
    if tokens[first].is_sentence_start:
        return False
    previous_token, next_token = tokens[first - 1], tokens[last + 1] if last + 1 < len(tokens) else None
    # A capital that only begins the sentence does not make the two words one name: *The Fox*, but *Xbox Live*.
    only_starts_sentence = previous_token.is_sentence_start and get_word_frequencies().is_common(
        previous_token.normal_form
    )
    if previous_token.normal_form in _ARTICLES or (previous_token.is_capitalized and not only_starts_sentence):
        return False
    return next_token is None or next_token.is_sentence_start or not next_token.is_capitalized
