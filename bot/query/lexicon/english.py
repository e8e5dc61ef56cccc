"""English words of questions. The patterns of English dates are in :mod:`bot.query.date_ranges`."""

from __future__ import annotations

import calendar

from bot.model.vocabulary import Claim, Kind, Stage
from bot.query.lexicon.base import Lexicon, QuestionKind
from bot.query.lexicon.expectations import ENGLISH_EXPECTATIONS
from bot.query.lexicon.statements import ENGLISH_STATEMENTS
from bot.query.lexicon.terms import ENGLISH_TERMS

# For the patterns of questions, on folded text.
_CLOSE = r"(?:close[ds]?|closing|complet(?:e[ds]?|ing|ion)|finali[sz]ed?|consummated|done|finish(?:ed)?|go(?:ne|es)? through|went through)"
_BUY = (
    r"(?:buy(?:s|ing)?|bought|acquir(?:e[ds]?|ing)|purchas(?:e[ds]?|ing)|tak(?:es?|en|ing) over|took over|merg(?:e[ds]?|ing)"
    r"|invest(?:s|ed|ing)?|s(?:ell|ells|elling|old))"
)
_END = (
    r"(?:f(?:all|alls|ell|allen|alling) (?:through|apart)|collapse[ds]?|fail(?:s|ed)?|cancell?(?:ed)?|terminate[ds]?|end(?:s|ed)?"
    r"|call(?:s|ed)? (?:\w+ ){0,4}?off|scrap(?:ped)?|axed|abandon(?:ed)?|drop(?:ped|s)?|br(?:eak|oke|oken)(?: it)? (?:off|up|down)"
    r"|block(?:ed|s)?|veto(?:ed)?|prohibit(?:ed|s)?|reject(?:ed|s)?|withdr(?:ew|aw|awn)|walk(?:ed)? away|(?:back|pull)(?:ed)? out"
    r"|g[aiv]+en? up|gave up|lapse[ds]?|stop(?:ped)?|dead|off|over|died)"
)
_LEAD = r"^(?:(?!(?:wh\w+|how)\b)\w+ ){0,2}?"
_AUXILIARY = (
    r"(?:is|are|was|were|did|does|do|has|have|had|will|would|isnt|arent|wasnt|werent|didnt|doesnt|hasnt|havent|wont)"
)

ENGLISH = Lexicon(
    code="en",
    facet_words={
        Kind.MERGER: "merger|mergers|merge|merges|merged|merging|fusion|integration|tie up",
        Kind.ACQUISITION: "acquisition|acquisitions|acquire|acquires|acquired|acquiring|takeover|takeovers|take over|takes over"
        "|taking over|buyout|buyouts|buy|buys|buying|bought|purchase|purchases|bid|bids|sell|sells|selling|sold|sale|owns|own|owner",
        Kind.STAKE: "stake|stakes|share|shares|shareholding|invest|invests|investing|investment|investments",
        Kind.JOINT_VENTURE: "joint venture|joint ventures|jv|jvs|venture|ventures",
        Kind.ALLIANCE: "alliance|alliances|partnership|partnerships|partner|partners|cooperation|collaboration|tie ups",
        Kind.SUPPLY: "supply|supplies|supplied|supplying|supplier|suppliers|order|orders",
        Kind.CONTRACT_MANUFACTURING: "contract manufacturing|contract manufacturer|contract production",
        Kind.LICENSING: "licensing|license|licenses|licensed|licence|licences|patent|patents",
        Kind.FINANCING: "financing|funding|loan|loans|credit|ipo|bond|bonds|lends",
        Kind.PRODUCT: "product|products|launch|launches|launched|model|models",
        Kind.PLANT: "plant|plants|factory|factories|works",
        Kind.POLICY: "policy|policies|regulation|regulations|tariff|tariffs|subsidy|subsidies|law",
        Kind.PEOPLE: "people|ceo|ceos|chief executive|chairman|boss|appointment|appointments|layoffs|strike|strikes|management",
        Kind.RESULTS: "results|result|earnings|profit|profits|revenue|outlook|quarter",
        Kind.EVENT: "event|events|conference|conferences|forum|show",
        Stage.RUMOURED: "rumoured|rumored|rumour|rumours|rumor|rumors|speculation",
        Stage.TALKS: "talks|talk|in talks|talking|negotiation|negotiations|negotiate|negotiating|discussions",
        Stage.AGREED: "agreed|agree|agrees|agreement|agreements|mou|mous|loi|letter of intent|memorandum",
        Stage.SIGNED: "signed|sign|signs|signing|binding",
        Stage.REVIEW: "review|reviews|in review|under review|reviewed|antitrust|regulator|regulators|approval",
        Stage.COMPLETED: "completed|complete|completes|completion|close|closes|closed|closing|done|finished|final",
        Stage.TERMINATED: "terminated|terminate|terminates|termination|cancelled|canceled|cancel|called off|call off|call it off"
        "|called it off|collapsed|collapse|failed|fail|fails|dead|abandoned|dropped|broke off|break off|broken off|broke up|break up|breakup|split|fall through|falls through|fell through|fallen through|fall apart"
        "|fell apart|scrapped|axed",
        Stage.LAPSED: "lapsed|lapse|lapses|expired",
    },
    disputed_words="disputed|dispute|denied|denies|deny|denial",
    open_words="open|ongoing|pending|current|running|active",
    ended_words="ended|ends|end|over|off|blocked|blocks|block|prohibited|vetoed",
    claim_words={
        Claim.CONFIRMED: "confirmed confirms confirm",
        Claim.REPORTED: "reported reports report",
        Claim.DENIED: "denied denies deny denial denials",
    },
    deal_words="deal deals transaction transactions",
    news_words="new news latest update updates story stories headlines happened happening happens happen changed"
    " developments",
    several_words="deals|transactions|stories|mergers|acquisitions|takeovers|buyouts|stakes"
    "|investments|ventures|jvs|alliances|partnerships|rumours|rumors",
    largest_words=r"biggest|largest|most expensive|most valuable|highest value|top(?:\s+\d{1,3})?(?=\s+\w+s\b)",
    topic_words={
        "lawsuit": "lawsuit lawsuits sue sues sued suing litigation",
        "hydrogen": "hydrogen",
        "engine": "engine engines",
        "battery": "battery batteries",
        "chip": "chip chips semiconductor semiconductors",
        "airline": "airline airlines",
        "aircraft": "aircraft airplane airplanes plane planes",
        "court": "court courts judge judges",
        "workers": "worker workers employee employees workforce",
    },
    stopwords="a an the of and or vs versus with without between about on in for to from by at as into out up is are was were be"
    " been am being do does did doing done has have had having will would can could should may might must shall if then"
    " than that this these those there here it its they them their we us our you your i im ive me my he she his her who"
    " whom whose what whats which when where why how any anyone anything some all more most much many every each both"
    " either neither because while during until till whether such other others another same own ones thing far still yet"
    " now lately recently recent ever again also just only not no nor so too very really please tell show give find get"
    " got know heard hear hey hi hello ok thanks thank want wants wanted going go goes went gonna happened happening"
    " happens happen changed new news latest last update updates status state story stories things stuff info information company"
    " companies announce announced announces say says said x plus deal deals start started begin began stand stands bring"
    " brings bringing come comes after before aint arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt shouldnt"
    " wasnt werent wont wouldnt ago whos hows wheres whens whys thats theres against per via under over above below"
    " through off around yes however though although since once never always often maybe perhaps actually exactly"
    " currently already soon later today anybody somebody someone something nothing everything everyone else let lets make"
    " makes made making take takes took taken look looks looking see seen saw need needs use uses used try think thinks"
    " believe guess mean means ask asking asked question list lists worth paid pay pays paying cost costs",
    request_words=r"(?:(?:can|could|would)\s+you\s+|please\s+|i\s+want\s+to\s+see\s+)?(?:show|list|give|tell|find)",
    over_words=r"over|above|more\s+than|greater\s+than|larger\s+than|bigger\s+than|exceeding|at\s+least|>=?",
    under_words=r"under|below|less\s+than|smaller\s+than|up\s+to|at\s+most|<=?",
    over_suffixes=r"\+|or\s+more",
    under_suffixes=r"or\s+less",
    between_words="between",
    conjunctions=r"and|or|nor|&",
    exclusion_words=r"except|excluding|but\s+not",
    company_exclusion_words="without|not",
    months=tuple(
        f"{name.lower()} {name[:3].lower()}" + (" sept" if name == "September" else "")
        for name in calendar.month_name[1:]
    ),
    half_year_patterns=(r"\b(?P<part>first|second)\s+half\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)\b",),
    half_year_numbers={"first": 1, "second": 2},
    since_words="since|after",
    today=r"\btoday\b",
    yesterday=r"\byesterday\b",
    month_prepositions="in",
    date_prepositions="in|from|of|during|on|for|the",
    question_patterns={
        QuestionKind.CLOSING_DATE: rf"\b(?:when|how soon|wh(?:at|ich) (?:date|day|month|year))\b.*\b(?:{_CLOSE}|{_BUY}|own)\b"
        r"|\b(?:closing|completion) date\b",
        QuestionKind.REASON: rf"\b(?:why|how come|reasons?|what (?:killed|sank|stopped|blocked))\b.*\b{_END}\b"
        rf"|\bwhat (?:killed|sank)\b|\b(?:why|how come) (?:\w+ )?(?:isnt|arent|didnt|doesnt|wont|hasnt|not)\b.*\b(?:{_CLOSE}|{_BUY})\b",
        QuestionKind.PRICE_PER_SHARE: r"\bprice (?:per|for each|of each) share\b|\bhow much\b.*\b(?:per|a|each) share\b",
        QuestionKind.STAKE: r"\bhow (?:much|big|large) (?:of|a (?:stake|share)|is (?:the|its|their|his) (?:stake|share))\b"
        r"|\b(?:what|which) (?:percentage|percent|stake|share)\b|\bhow many percent\b|\bhow big\b.*\bstake\b",
        QuestionKind.AMOUNT: r"\bhow much (?!capacity|output|time|longer|more|less)(?:\w+ )*?(?:worth|pay|pays|paid|paying|costs?|offer\w*|bids?|spen[dt]\w*"
        rf"|invest\w*|raise\w*|value[ds]?|price|deal|for|{_BUY})\b"
        r"|\b(?:whats|what (?:is|was|were)) (?:\w+ )*?(?:worth|price|value|valuation|cost)\b|\bwhat (?:did|does|is|will|has) (?:\w+ )*?(?:pay|paid|paying|cost|offer)\b"
        r"|\b(?:at|for) what price\b|\bhow expensive\b|\bprice tag\b",
        QuestionKind.BUYER: r"\b(?:whos?|which (?:company|firm|group))(?: (?:is|are|has|have|had|will|would|just|finally|really|now|currently|going|to|wants?|wanted|plans?|planned|tried|trying))*"
        r" (?:buy(?:s|ing)?|bought|acquir(?:e[ds]?|ing)|purchas(?:e[ds]?|ing)|tak(?:es?|en|ing) over|took over|bid(?:s|ding)? (?:for|on))\b"
        r"|\bwhos? (?:is |was )?(?:the )?(?:buyer|acquirer|bidder)\b|\b(?:bought|acquired) by whom?$|\bby whom\b.*\b(?:bought|acquired)\b",
        QuestionKind.STILL_ON: rf"{_LEAD}{_AUXILIARY}\b.*\b(?:still|{_END}|buying|acquiring|merging|taking over|selling)\b"
        rf"|\bstill (?:on|alive|happening|going|open|pending|planned)\b|\bwhen\b.*\b{_END}\b",
        QuestionKind.CLOSED: rf"{_LEAD}{_AUXILIARY}\b.*\b(?:{_CLOSE}|{_BUY}|owns?)\b",
    },
    reason_words=r"because|citing|cites?|cited|due to|owing to|blam(?:e|es|ed|ing)|for (?:want|lack) of|as a result of|on account of|reason (?:is|was|given)",
    no_reason_words=r"no reason|reasons? (?:is|was|were) not|without (?:giving|citing|stating)|nots? (?:because|due|owing)|nothing|(?:did|does|do|has|have)(?: not|nt) (?:give|cite|state|blame|said)"
    r"|declin\w+|den(?:y|ies|ied)",
    per_share_words=r"(?:per|a|each) (?:ordinary )?share",
    statements=ENGLISH_STATEMENTS,
    terms=ENGLISH_TERMS,
    expectations=ENGLISH_EXPECTATIONS,
)
