"""How English articles say what is expected, and when."""

from __future__ import annotations

import calendar

from bot.model.proposals import ExpectedKind
from bot.query.lexicon.expectations.base import ExpectationPhrases

_MONTHS = tuple(
    f"{name.lower()} {name[:3].lower()}" + (" sept" if name == "September" else "") for name in calendar.month_name[1:]
)
_MONTH = rf"(?P<month>{'|'.join(name for row in _MONTHS for name in row.split())})(?:(?<=\b\w{{3}})\.|(?<=\bsept)\.)?"
_BOUND = r"(?:(?P<by>by|before\s(?=(?:the\s)?(?:year[- ]?end|end\b))|no\slater\sthan|within|(?<=have\s)until|(?<=has\s)until)|(?P<before>before|ahead\sof|prior\sto))\s"
_PREFIX = rf"(?:{_BOUND}|(?:(?P<since>from|starting(?:\sin)?|beginning(?:\sin)?|as\sof)|in|on|during|for|around|to|(?<=delayed\s)until|(?<=postponed\s)until|(?<=back\s)until|(?<=off\s)until|into|over|later\sin|sometime\sin)\s)"
_PART = r"(?:(?P<end>(?:the\s)?(?:end|close)\s(?:of\s)?|end-)|(?P<vague>(?:the\s)?(?:early|late|mid|middle\sof|start\sof|beginning\sof|spring|summer|autumn|fall|winter)(?:\sof\s|\s|-)(?:in\s)?))?"
_YEAR = r"(?P<year>20\d\d)"
_OF_YEAR = rf"(?:,?\s(?:of\s)?(?:{_YEAR}|(?P<this>this\syear|the\syear)|(?P<next>next\syear)))?"

_NUMBERS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 0, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "nine": 9, "twelve": 12,
}  # fmt: skip

ENGLISH_EXPECTATIONS = ExpectationPhrases(
    nouns={
        "EXPECT": r"((is |are |was |were |now |be ){0,4}(expected|due|set|slated|scheduled|seen|forecast|anticipated|planned|targeted|on track|on course|projected|poised|tipped))",
        "WANT": r"(expects?|expecting|aims?|aiming|plans?|planning|hop(es?|ing)|intends?|targets?|targeting|anticipates?|seeks?|looks|wants?|see|sees|eyes|eyeing|agreed|agrees?|vows?|pledges?|on track|want)",
        "SHALL": r"(will|shall|should|would|is to|are to|to)",
        "CLOSE": r"((be |been )?(close|closed|go through|sealed))",
        "COMPLETE": r"((be |been )?(complete|completed|finali[sz]ed?|conclude|concluded|wrap up|wrapped up|consummated?))",
        "CLOSING": r"((financial |deal |the ){0,4}(closing|completion|close|conclusion|finali[sz]ation))",
        "DEAL": r"(deals?|mergers?|acquisitions?|take-?overs?|buy-?outs?|purchase|sale|transactions?|combination|bid|offer|divestiture|disposal|tie-?up|investment|stake sale|it|tender offer|agreement|move|spin-?off)",
        "START": r"((be )?(start(ed)?|begin|begun|launch(ed)?|open(ed)?|unveil(ed)?|debut|enter (service|production)|go (into production|into operation|into service|on sale|live|on stream|online)|come (on stream|online|to market)"
        r"|roll out|introduce[d]?|kick off|commence|resume|ramp up|release[d]?))",
        "THING": r"(production|output|deliver(y|ies)|operations?|sales|construction|manufacturing|shipments?|launch|opening|service|rollout|supply|supplies|work|assembly|debut|start)",
        "CONTRACT": r"(deals?|contracts?|agreements?|accords?|pacts?|terms|mergers?|definitive \S+|it)",
        "DECIDE": r"((be )?(decide[ds]?|rule[ds]?|vote[ds]?|approve[ds]?|issue (\S+ ){0,3}(ruling|decision)|announce (\S+ ){0,3}decision|complete (\S+ ){0,3}review))",
        "VERDICT": r"(decision|ruling|verdict|vote|judgment|judgement|shareholder meeting|(merger|antitrust|phase (two|2|ii)) review|approval|deadline)",
    },
    events={
        ExpectedKind.CLOSING: r"""
            EXPECT to CLOSE (… )?TARGET
            DEAL … EXPECT to COMPLETE (… )?TARGET
            EXPECT to COMPLETE ~ DEAL (… )?TARGET
            WANT … (to CLOSE|CLOSING) (… )?TARGET
            WANT … to COMPLETE ~ DEAL (… )?TARGET
            WANT … DEAL … to COMPLETE (… )?TARGET
            (seen|set for) (closing|completing|completion) (… )?TARGET
            DEAL … (will|should|to|shall) (CLOSE|COMPLETE) (… )?TARGET
            DEAL … (EXPECT to|will|to) (take effect|become effective) (… )?TARGET
            SHALL (CLOSE|COMPLETE) … DEAL (… )?TARGET
            (will|should|to|shall) CLOSE TARGET
            CLOSING (of … )?(is |was |now )?(EXPECT|due|planned|foreseen|seen|likely|set) (for |to take place |to occur |to be |to happen )?TARGET
            (with|subject to|targeting|expecting|anticipates|expects) CLOSING (EXPECT )?TARGET
            DEAL … EXPECT TARGET
            (push(es|ed)?|delay(s|ed)?|postpone[sd]?|move[sd]?) (back )?CLOSING … TARGET
            CLOSING … (pushed|delayed|postponed|put off) (back )?TARGET
            DEAL EXPECT to be (finali[sz]ed|completed|closed|concluded) (… )?TARGET
        """,
        ExpectedKind.SIGNING: r"""
            (EXPECT|WANT|SHALL) (… )?(to )?(sign|be signed|ink|strike|reach|seal|clinch) … CONTRACT (… )?TARGET
            (EXPECT|WANT|SHALL) (… )?(to )?be (signed|inked) (… )?TARGET
            signing (of … )?(EXPECT) (for )?TARGET
        """,
        ExpectedKind.DECISION: r"""
            (EXPECT to|SHALL|WANT to|set to) DECIDE (… )?TARGET
            VERDICT (… )?(EXPECT|due|will be made|will come|scheduled|set) (for |to be (made|announced|held) )?TARGET
            (has|have) TARGET to DECIDE
            TARGET (deadline|date) for (\S+ ){0,3}VERDICT
            (set|sets|extends?|extended) … TARGET (deadline|date)
            extends? deadline … TARGET
            deadline (of )?TARGET for (\S+ ){0,3}VERDICT
            (vote|meeting) TARGET
        """,
        ExpectedKind.LAUNCH: r"""
            (EXPECT to|SHALL|WANT to|set to|WANT) START (… )?TARGET
            THING (… )?(EXPECT|due|to start|to begin|will start|will begin|set to start|planned|scheduled) (for |to start |to begin )?TARGET
            (SHALL|WANT to|EXPECT to) (make|build|supply|deliver|produce|provide|assemble) (… )?MARKED
            (supply|deliver|deliveries) (… )?MARKED
            (will|to) bring … to market TARGET
            (plant|fab|factory|launch|production|opening|start|rollout|debut) (is |was |has been )?(delayed|postponed|pushed( back)?|put off) TARGET
            (delays?|postpones?|pushes back) (\S+ ){0,4}(plant|fab|factory|launch|production|opening|start|rollout|debut) (… )?TARGET
        """,
    },
    others=r"""
        (not|never|unlikely|won['’]t|no longer|isn['’]t|fails?|failed) … TARGET
        (may|might|could|would|can|possibly|perhaps) (\S+ ){0,8}?TARGET
        (clos(e|es|ing)|shut(s|ting)?) (down )?(\S+ ){0,4}?(plants?|factory|factories|sites?|stores?|mines?|works|branches|offices?|smelter|refinery|lines?|mill|facility|doors)( \S+){0,6} TARGET
        (stop|end|phase out|halt|cease|discontinue|exit|wind down) (\S+ ){0,8}TARGET
        (was|were|had|has been|have been) (closed|completed|finali[sz]ed|signed|launched|opened|started) (\S+ ){0,4}TARGET
        (bonds?|notes|debt|loan|sales|revenue|profits?|earnings|margins?|costs?|demand|dividend|deficit|growth) (\S+ ){0,6}(due|expected|seen|forecast|to rise|to fall|of|to grow|to reach|in) (\S+ ){0,5}?TARGET
        (?<!be )closed TARGET
        (if|originally|initially|previously) (\S+ ){0,5}TARGET
        (elections?|ceasefire|withdraw|withdrawal|withdrawing|disarmament|troops|summit|prisoners|ban|soldiers|borders|mission) (\S+ ){0,6}TARGET
        (ceo|cfo|coo|chief|chairman|chairwoman|president|head|executive|executives|director|boss|workers|employees) (\S+ ){0,8}TARGET
        (closure|shutdown|restructuring|layoffs|job cuts|redundancies|recall|phase-out|wind-down|repairs?|construction|works?|project|plant|factory|expansion|facility|bridge|pipeline|tests?|trials|study|survey|programme|program|upgrade) (to be |be |is |are |will be |expected to be |due to be |should be |scheduled to be |expected |due |to ){1,6}(complete|completed|finished|finali[sz]ed|concluded) (\S+ ){0,3}TARGET
        (cut|cuts|reduce|reduces|lower|lowers|raise|raises|increase|increases) (\S+ ){0,3}(output|production|deliveries) (\S+ ){0,6}TARGET
        (start|begin|launch|resume|open|release|kick off) (\S+ ){0,4}(talks|negotiations|inquiry|campaign|probe|investigation|trial|strike|hearing|review|results|report|consultation|discussions|buy-?backs?) (\S+ ){0,3}TARGET
        (inquiry|trial|probe|talks|strike|hearing|results|campaign|election|negotiations|report) (\S+ ){0,6}TARGET
    """,
    dates=(
        # the second half of 2026, H2, 2H26
        rf"{_PREFIX}?(?:the\s)?(?P<end>(?:end|close)\sof\s(?:the\s)?)?(?P<half>first|second|1st|2nd|last)[\s-]half{_OF_YEAR}",
        rf"{_PREFIX}?(?P<end>(?:the\s)?end\sof\s)?(?:h(?P<half>[12])|(?P<half2>[12])h)(?:\s(?:of\s)?{_YEAR})?",
        # the third quarter, Q3 2026, 3Q
        rf"{_PREFIX}?(?:the\s)?(?P<end>(?:end|close)\sof\s(?:the\s)?)?(?P<quarter>first|second|third|fourth|final|last|1st|2nd|3rd|4th)[\s-]quarter{_OF_YEAR}",
        rf"{_PREFIX}?(?P<end>(?:the\s)?end\sof\s|end-)?(?:q(?P<quarter>[1-4])|(?P<quarter2>[1-4])q)(?:\s(?:of\s)?{_YEAR})?",
        # June 24, 24 June 2026
        rf"{_PREFIX}?{_MONTH}\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%])(?:,?\s{_YEAR})?",
        rf"{_PREFIX}?(?:the\s)?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?",
        # by the end of the year, at year-end, by end-2026
        rf"{_PREFIX}?(?P<end>(?:the\s)?(?:end|close)\s(?:of\s)?|end-)(?:(?P<this>the\syear|this\syear)|(?P<next>next\syear)|{_YEAR})",
        rf"{_PREFIX}?(?:the\s)?(?P<end>year[\s-]?end)(?:\s{_YEAR})?",
        # by end-April, in late June, in May 2027
        rf"{_PREFIX}{_PART}{_MONTH}{_OF_YEAR}",
        rf"{_PREFIX}?(?:(?P<this>this)|(?P<next>next))\s(?P<period>month|quarter)",
        # in early 2027, by mid-2026, next year
        rf"{_PREFIX}{_PART}(?:{_YEAR}|(?P<this>the\syear|this\syear)|(?P<next>next\syear))",
        rf"(?:(?P<vague>early|late|mid|later|sometime|spring|summer|autumn|winter)[\s-])(?:{_YEAR}|(?P<this>this\syear)|(?P<next>next\syear))",
        r"(?:(?P<this>this\syear)|(?P<next>next\syear))",
        r"(?P<by>within)\s(?:the\snext\s)?(?P<count>\d{1,2}|two|three|four|five|six|nine|twelve)\smonths",
    ),
    numbers=_NUMBERS,
    months=_MONTHS,
    fiscal=r"fiscal|financial year|fy\d?|reporting year",
    uncertain="between|as early as|as soon as|earliest|after|since|not before|from as early as|last",
    gap_limits="whether that during while but because if when unless says said after as amid which who",
    noun_phrase_limits="with on in for as to after by over at from amid despite against and",
)
