"""What stands around a name and makes a company of it, and which names need that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.entities.fold import UNSPACED, fold
from bot.entities.word_frequencies import get_word_frequencies

#: A run of letters and digits in one way of writing: scripts without blanks part from those with.
_TOKEN = re.compile(
    rf"{UNSPACED.pattern[:-1]}々〆ー]+|(?:(?!{UNSPACED.pattern})[^\W_])+(?:['’ʼ](?:(?!{UNSPACED.pattern})[^\W_])+)*"
)
_SENTENCE_END = re.compile(r"[.!?…。！？:\n\r\u2028|\"“”«»]|\s[-–—]\s")
_POSSESSIVE = re.compile(r"['’ʼ]s?$", re.IGNORECASE)
_APOSTROPHE_ENDING = re.compile(r"['’ʼ][^\W_]{0,6}$")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|dell|dall|nell|sull|all|un)['’ʼ](?=\w)", re.IGNORECASE)

#: Words that are names of companies, and something else at least as often. Common words are known by their frequency.
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
#: Of these no other word begins a sentence: *Ford* and *Kia*, but neither *Titan* nor *Apple*.
BRANDS = frozenset(
    "canoo cisco cupra fiat fisker ford hertz hummer kia lyft magna nexen nikola polestar rivian tata tesla uber".split()
)
#: Of these brands a capital behind can be that of a person's name, or of another one: *Ford Madox*, *Magna Carta*.
_SURNAME_BRANDS = frozenset("fisker ford hertz magna nikola tata tesla".split())
#: What parts the brand that opens a headline from the rest: *Tesla: neues Werk*.
_BRAND_SEPARATORS = frozenset((",", ":", "|", "-", "–", "—"))
#: Verbs of headlines in the third person. Behind the word that opens a sentence they say that a company acts.
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
#: Between two names they make a list of them.
LIST_SEPARATORS = frozenset((",", "&", "/", "and", "or", ", and", "und", "oder", "y", "e", "et", "、", "・"))
#: Directly in front of a common word they make one term with it: *sales target*.
_METRIC_WORDS = frozenset(
    "sales profit profits production deliveries earnings growth price emissions quarterly climate".split()
)
#: Behind a name and a hyphen they say whose a thing is: *Arm-based*.
HYPHENS = ("-", "\u2010", "\u2011")
_COMPOUND_PARTICIPLES = frozenset(
    "based backed built designed developed led linked made owned powered run supplied".split()
)
#: Behind a name they say that it is a company.
COMPANY_SUFFIXES = frozenset(
    """ab ag aktiengesellschaft airlines asa auto automobile automobiles automotive bank batteries bhd bv chemical co company
    corp corporation electric electronics energy enterprises foods gmbh group holding holdings inc incorporated industries
    international kg kgaa kk labs limited llc lp ltd manufacturing media motor motors nv oy oyj partners pharma
    pharmaceuticals plc power precision pte pty robotics sa sas se semiconductor software solutions spa srl steel systems
    technologies technology telecom""".split()
)
#: Near a name they say that companies are the matter.
BUSINESS_WORDS = frozenset(
    """acquire acquired acquires acquisition announced announces automaker automakers bid board brand buy buys buyout
    carmaker carmakers ceo cfo chairman chief chipmaker contract customers deal dealers deliveries division earnings
    employees executive factory firm giant headquarters invest invests investment investors joint launches layoffs maker
    manufacturer merge merger merges nasdaq nyse offer owned owner parent partner partners partnership plant plants
    production profit profits quarter quarterly recall recalled recalls rival rivals sales sells shareholder shareholders shares sold spokesman
    spokesperson spokeswoman stake startup stock stocks subsidiary supplier suppliers supply takeover talks unit unveils
    venture workers""".split()
)  # fmt: skip
#: Between a name and a business word they part the two.
_ARTICLES = frozenset(("a", "an", "the"))
_CONTEXT_WORDS = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its place, its spelling, its folded forms (as it is, and without an ending)."""

    start: int
    end: int
    surface: str
    normal_form: str
    is_sentence_start: bool

    @property
    def is_capitalized(self) -> bool:
        """Whether it begins with a capital, or its script has none."""
        first_letter = self.surface[0]
        return first_letter.isupper() or (first_letter.isalpha() and first_letter.lower() == first_letter.upper())

    @property
    def apostrophe_stem(self) -> str:
        """Its folded form up to an apostrophe: Turkish writes cases behind one (*Nissan'ın*)."""
        return fold(_APOSTROPHE_ENDING.sub("", self.surface))

    @property
    def apostrophe_stem_end(self) -> int:
        """Where it ends without what is behind an apostrophe."""
        return self.start + len(_APOSTROPHE_ENDING.sub("", self.surface))

    def strip_elision(self) -> Token | None:
        """Return the word without an article or preposition that has lost its vowel (*l'Audi*), None if there is none."""
        elision = _ELISION.match(self.surface)
        if elision is None:
            return None
        rest = self.surface[elision.end() :]
        return replace(self, start=self.start + elision.end(), surface=rest, normal_form=fold(rest))

    @property
    def base_form(self) -> str:
        """Its folded form without a possessive ending."""
        return fold(_POSSESSIVE.sub("", self.surface))

    @property
    def base_form_end(self) -> int:
        """Where it ends without that ending."""
        return self.start + len(_POSSESSIVE.sub("", self.surface))


def tokenize(text: str) -> list[Token]:
    """The words of a text with their places; ``opens`` says that a sentence begins there."""
    tokens: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()][-40:]
        is_sentence_start = not tokens or bool(_SENTENCE_END.search(gap))
        tokens.append(Token(match.start(), match.end(), match.group(), fold(match.group()), is_sentence_start))
        end = match.end()
    return tokens


def is_headline_case(tokens: Sequence[Token]) -> bool:
    """Whether nearly every word begins with a capital, so that a capital says nothing."""
    long_tokens = [
        token for token in tokens if len(token.surface) > 3 and token.surface[0].lower() != token.surface[0].upper()
    ]
    return bool(long_tokens) and sum(token.surface[0].isupper() for token in long_tokens) >= 0.7 * len(long_tokens)


def is_ambiguous(words: Sequence[str]) -> bool:
    """Whether a name is also a word: of one word, and that a letter, a common one or one of :data:`AMBIGUOUS_NAMES`."""
    if len(words) != 1:
        return False
    return (
        words[0] in AMBIGUOUS_NAMES
        or get_word_frequencies().is_common(words[0])
        or (len(words[0]) == 1 and words[0].isascii())
    )


def has_company_context(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether the words around a name say that a company is meant: its form behind it, or business within a few words."""
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
    """Return whether a name opens a sentence as the one who acts: before a verb, with a possessive, or as a brand.

    A brand also opens a list: *Kia, Hyundai recall*. Joined to a noun it says whose that is, wherever it stands: *Streik im Ford-Werk*.
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
    return (
        next_token.normal_form in _HEADLINE_VERBS
        or next_token.normal_form == "to"
        or _POSSESSIVE.search(tokens[last].surface) is not None
    )


def is_brand_possessive(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Return whether German says here that something is a brand's: by a hyphen (*Ford-Werk*), or by its genitive (*Teslas Aktie*)."""
    token = tokens[index]
    hyphenated_word = find_hyphenated_word(tokens, index, text)
    if token.normal_form in BRANDS:
        return hyphenated_word is not None and hyphenated_word.is_capitalized
    is_name = index > 0 and tokens[index - 1].is_capitalized and not token.is_sentence_start
    return is_brand_genitive(token.normal_form) and not is_name


def is_brand_genitive(word: str) -> bool:
    """Return whether a folded word is a brand's German genitive, and no first name (*Nikolas*)."""
    return word.endswith("s") and word[:-1] in BRANDS and word != "nikolas"


def find_hyphenated_word(tokens: Sequence[Token], last: int, text: str) -> Token | None:
    """Return the word that a hyphen joins to the end of a name, None if there is none."""
    end = tokens[last].end
    is_joined = text[end : end + 1] in HYPHENS and last + 1 < len(tokens) and tokens[last + 1].start == end + 1
    return tokens[last + 1] if is_joined else None


def is_company_compound(hyphenated_word: Token | None) -> bool:
    """Return whether the second part of a word says that a company is the first: *Arm-based*."""
    return hyphenated_word is not None and hyphenated_word.normal_form in _COMPOUND_PARTICIPLES


def is_standalone_name(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a capital means a name here: inside a sentence, beside no other capital, not behind an article."""
    if tokens[first].is_sentence_start:
        return False
    previous_token, next_token = tokens[first - 1], tokens[last + 1] if last + 1 < len(tokens) else None
    # A capital that only begins the sentence makes no longer name of the two: *The Fox*, but *Xbox Live*.
    only_starts_sentence = previous_token.is_sentence_start and get_word_frequencies().is_common(
        previous_token.normal_form
    )
    if previous_token.normal_form in _ARTICLES or (previous_token.is_capitalized and not only_starts_sentence):
        return False
    return next_token is None or next_token.is_sentence_start or not next_token.is_capitalized
