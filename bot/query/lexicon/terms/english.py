"""How English articles name the terms of a deal."""

from __future__ import annotations

from bot.model.terms import TermName
from bot.query.lexicon.terms.base import TermPhrases

_UNITS = {
    "gwh": "GWh", "mwh": "MWh", "twh": "TWh", "gw": "GW", "mw": "MW", "gigawatt-hours": "GWh", "gigawatt hours": "GWh", "gigawatts": "GW",
    "megawatts": "MW", "vehicles": "vehicles", "evs": "EVs", "cars": "cars", "vans": "vans", "trucks": "trucks", "buses": "buses",
    "jets": "jets", "aircraft": "aircraft", "planes": "planes", "airplanes": "airplanes", "helicopters": "helicopters", "ships": "ships",
    "vessels": "vessels", "tankers": "tankers", "trains": "trains", "locomotives": "locomotives", "turbines": "turbines",
    "satellites": "satellites", "robots": "robots", "chips": "chips", "gpus": "GPUs", "wafers": "wafers", "units": "units", "tonnes": "tonnes",
    "metric tons": "tonnes", "tons": "tons", "barrels": "barrels", "engines": "engines", "robotaxis": "robotaxis", "motors": "motors",
    "batteries": "batteries", "cells": "cells", "jobs": "jobs", "positions": "jobs", "workers": "jobs", "employees": "jobs", "people": "jobs",
}  # fmt: skip

ENGLISH_TERMS = TermPhrases(
    nouns={
        "DEAL": r"(deals?|mergers?|acquisitions?|take-?overs?|buy-?outs?|purchase|sale|share sale|tie-?up|(joint )?venture|contracts?|transaction"
        r"|combination|bid|offer|divestiture|disposal|buy|spin-?off|placement|stake sale|supply deal|order)",
        "TRADE": r"(buy(s|ing)?|acquir(es?|ing)|purchas(es?|ing)|sell(s|ing)?|tak(es?|ing)|snap(s|ping)? up|scoop(s|ing)? up|offload(s|ing)?|divest(s|ing)?"
        r"|pick(s|ing)? up|(has|have|having|been|be|was|were|is|are) (bought|acquired|sold|taken)|go(es)? to|merg(es?|ing)|hiv(es?|ing) off|shed(s|ding)?)",
        "MONEYNOUN": r"(loans?|credit|debt|bonds?|notes|facility|fines?|penalt(y|ies)|settlement|profits?|loss(es)?|revenues?|sales|earnings|market (cap\S{0,12}|value)"
        r"|valuation|fund|budget|((break|termination|reverse)(-?up)? )?fees?|dividends?|(share )?buy-?backs?|repurchase|write-?(downs?|offs?)|charges?|impairments?|tax"
        r"|tariffs?|refund|grants?|subsid(y|ies)|aid|savings|synerg(y|ies)|ipo|listing|(funding|financing) round|round|damages|lawsuit|suit|claim"
        r"|backlog|restructuring|refinancing|financing|funding|lending|bailout|rescue|mortgage|pension|bill|hit|cash pile|war chest|assets|interest)",
        "INCOME": r"((net |operating |annual |quarterly |pre-?tax |gross |record |first-half |full-year ){0,4}(profits?|loss(es)?|revenues?|sales|turnover|earnings|income|ebitda"
        r"|debts?|liabilities|losses|cash flow|margins?)|market (cap\S{0,12}|value)|capitali[sz]ation|savings|synergies|loans?|lends?|lending|borrows?|lent|fin(es?|ed)|penalty"
        r"|write-?(downs?|offs?)|charges?|dividends?|budget|subsid(y|ies)|grants?|tax(es)?|damages|raises|raised|raising|price target"
        r"|compensation|save|saves|worth of|bonds?|settl(es?|ed|ing)|demands?|tariffs?|financ(es|ed|ing))",
        "SHARES": r"((minority |majority |controlling |remaining |further |additional |direct |equity |\S+[- ]owned ){0,4}(stakes?|holdings?|interests?(?! rates?)|shareholdings?|shares?|equity|participation))",
        "DEALING": r"(buy(s|ing)?|acquir(es?|ing)|purchas(es?|ing)|sell(s|ing)?|tak(es?|ing)|rais(es?|ing)|lift(s|ing)?|boost(s|ing)?|increas(es?|ing)|cut(s|ting)?|reduc(es?|ing)|trim(s|ming)?"
        r"|offload(s|ing)?|divest(s|ing)?|(to|will|would) (each )?(hold|own|control|retain|keep)|holding|owning|grab(s|bing)?|snap(s|ping)? up|pick(s|ing)? up|get(s|ting)?"
        r"|(has|have|been|was|were) (bought|acquired|sold|taken)|gain(s|ing)?|plac(es?|ing)|gets?|ups|hik(es?|ing)|lower(s|ing)?|exit(s|ing)?|secur(es?|ing))",
        "ORDERING": r"((?<!record )(?<!new )orders?|ordering|has ordered|(to|will|would) (buy|purchase|sell|take|lease|get|receive|ship|provide|deliver|supply)|buys|buying|supply|supplies|supplying|provides|providing"
        r"|delivering|leases|secures|wins|order (for|of|to supply)|contract (for|to supply)|deal (for|to supply)|purchase of|delivery of|supply of)",
        "MAKE": r"(make|makes|making|build|builds|building|produc(es?|ing)|assembl(es?|ing)|manufactur(es?|ing)|turn(s|ing)? out|churn out|process(es)?|roll out)",
    },
    terms={
        TermName.VALUE: r"""
            TRADE … for (a total of |a total |an? \S+ )?TARGET
            TRADE … in (an? )?TARGET ~ DEAL
            TRADE … in (an? )?(\S+ ){0,3}DEAL … (worth|valued at|for|of) TARGET
            (deal|transaction|acquisition|merger|sale|purchase|takeover|buyout|operation|venture|contract|order|placement|disposal|divestment|combination|agreement)s?,? (which is |that is |is |was |are )?(valued at|valued|worth|totall?ing|priced at) TARGET
            (deal|bid|offer|contract|order|venture|transaction|sale|purchase|acquisition|placement) … (worth|valued at) TARGET
            (bid|offer|takeover|deal|contract|price) of TARGET
            (bid|offer|price) … to TARGET
            (deal|transaction|takeover|buyout|acquisition|venture|contract|order|agreement) could be worth TARGET
            deal ~ for TARGET
            TARGET[- ](\S+ ){0,4}?(all-(cash|stock|share) )?DEAL
            TARGET takeover
            (pay|pays|paying|has paid) TARGET (in (cash|stock|shares)|in cash and \S+|for|to (buy|acquire|take|purchase))
            (pay|pays|paying) (\S+ ){1,3}TARGET (for|to (buy|acquire|take|purchase))
            (buyout|takeover|acquisition|offer|bid|buy|buys|acquire|private|merger) (\S+ ){0,14}?(valu(es|ing)|gives|giving) (\S+ ){1,6}?(at|an? \S+ value of) TARGET
            ((purchase|acquisition|transaction|deal|sale) price|price tag|consideration|enterprise value|equity value|(transaction|deal|contract|order) value) (… (of|at|is|to|was|for|be))? TARGET
            (enterprise|equity) value of TARGET
            per share,? or (a total of |about )?TARGET
            bids? TARGET (\S+ )?for
            offers? TARGET (\S+ )?for
        """,
        TermName.INVESTMENT: r"""
            (invest|invests|investing|has invested|plough|ploughs|pour|pours|pouring|commit|commits|committing) (an? )?(further |another |additional |total of |combined )?TARGET
            (invest|spend) … TARGET (in|on|to|into|at)
            (spend|spends|spending) (an? )?(further |another |additional |total of )?TARGET (on|in|to|at|for)
            investment of TARGET
            (?<!infrastructure )TARGET(-| )(\S+ ){0,4}?investments?(?! (fund|firm|bank|group|company|trust|vehicle|arm|plan))
            investments? … (worth|totall?ing|valued at) TARGET
            (build|builds|building|plan|plans|planning|open|opens|opening|announce|announces|break ground on|breaks ground on|construct) (an? |the |its |their )?(\S+ ){0,2}TARGET(-| )(\S+ ){0,4}?(plant|factory|fab|gigafactory|complex|campus|hub|mill|refinery)
        """,
        TermName.PRICE_PER_SHARE: r"""
            (for|at|of|to|from|is|with|by|pay|pays|paying|offer|offers|offering|bid|bids|bidding|worth|price|private,?|get|receive|or|share|in|target) (an? )?TARGET
        """,
        TermName.STAKE: r"""
            DEALING … TARGET ~ SHARES
            DEALING … TARGET (\S+ ){0,3}?SHARES
            DEALING … TARGET of
            DEALING … SHARES … (of|to) TARGET
            (?<!activist )(buys|sells|acquires|takes) TARGET (in|to|for)
            (stake|interest|holding) (of|to) TARGET (in|for|from)
            own TARGET
            (pay|pays|paying|will pay|invest|invests|offered|offers) … for (an? )?TARGET (\S+ ){0,3}?SHARES
            TARGET (stake|interest|holding) (sale|purchase|deal)
        """,
        TermName.VOLUME: r"""
            ORDERING … TARGET
            TARGET ~ (order|contract|supply deal)
            (order|contract|deal|supply|offtake|off-take) … (for|of) TARGET
        """,
        TermName.CAPACITY: r"""
            capacity (… )?(of|to|at|is|be) TARGET
            TARGET (of )?(\S+ ){0,2}?capacity
            (?<!sale of )(?<!sell )TARGET (\S+ ){0,2}?(plant|factory|gigafactory)
            (can|will|to|would|could|plans to|able to) (\S+ )?MAKE (\S+ ){0,3}?MARKED
        """,
        TermName.JOBS: r"""
            (creat(es?|ing)|add(s|ing)?|hir(es?|ing)|bring(s|ing)?|generat(es?|ing)|support(s|ing)?|employ) … TARGET
            TARGET … created
        """,
    },
    others={
        TermName.VALUE: r"""
            TARGET(-| (?!incl|plus))(\S+ ){0,2}?MONEYNOUN
            (assets|cash|costs?|fees?|backlog|valuation|fund) (of|to|at|by) TARGET
            TARGET (in|of) (\S+ ){0,3}?MONEYNOUN
            TARGET … (penalty|fine|settle|damages|refund|dividend|fee)
            INCOME … (of|to|at|by|was|were|hit|hits|reach(es|ed)?|totall?ed) TARGET
            INCOME (\S+ ){0,3}?TARGET
            (which|who|that) (\S+ ){0,2}?(bought|acquired|paid|took over|sold|purchased) … TARGET
            (years?|months?|weeks?|decades?) after … TARGET
            (since|former|previous|earlier|failed 20\d\d|rival's|prior) (\S+ ){0,3}?TARGET
            (fund|firm|manager|investor) with TARGET
            TARGET(-| )~ (fund|firm|company|group|giant|maker|manager|investor)(?! (deal|takeover|buyout|sale))
            stake … (valu(es|ing)) … TARGET
            stake (\S+ ){0,8}(valuing|values) (\S+ ){0,5}at TARGET
            stake … valuation … TARGET
            TARGET(-| )valuation
            list prices
            TARGET at list
            TARGET a (year|month|week|day)
            TARGET per (year|month|week|day|barrel|tonne|ton|vehicle|car|unit)
            TARGET a (barrel|tonne|ton|vehicle|car|unit|piece)
            fall(s|ing)? short of TARGET
            (shares?|stock) (\S+ ){0,4}?TARGET
        """,
        TermName.INVESTMENT: r"""
            TARGET[- ](\S+ ){0,2}?(loan|fine|debt|bond|fund)
            (cut|cuts|cutting|scrap|scraps|shelve|shelves|drop|drops|cancel|cancels|halt|halts|abandon|abandons) … TARGET
            (which|who|that) (\S+ ){0,2}?(invested|spent) … TARGET
            (years?|months?|weeks?|decades?) after … TARGET
            TARGET (on|in|for) (\S+ ){0,3}?(research|r&d|advertising|marketing|buy-?backs?|dividends?|salaries|wages|lobbying|restructuring)
            TARGET a (year|month|week|day)
            after (\S+ ){0,2}TARGET
            list prices
        """,
        TermName.PRICE_PER_SHARE: r"""
            (earn(s|ed|ing|ings)?|eps|profits?|loss|income|dividends?|payout|distribution|price target|target|clos(es?|ed|ing)|trad(es?|ed|ing)|fell|falls?|rose|rises?|jump(s|ed)?|slid|drop(s|ped)?|gain(s|ed)?|high|low|book value|net asset value|record|shares (were|are|was)|forecast|guidance|estimates?) … TARGET
            TARGET (\S+ ){0,3}?(dividend|profit|loss|earnings|payout|for the quarter|in the quarter|price target)
            (from|below|above) TARGET
        """,
        TermName.STAKE: r"""
            TARGET (\S+ ){0,2}?(of )?(its |the |their |all |global |world |worldwide |total |us |eu ){0,4}(gdp|workforce|parliament|seats|population|jobs|staff|market|sales|revenues?|output|production|capacity|cars|vehicles|profits?|power|energy|electricity|investors|votes?|voting|voters|employees|workers|exports?|imports?|demand|supply|supplies|cost|costs|emissions|tariffs?|dealers|stores|plants|orders|shareholders|creditors|premium|discount|market share|dividend|coupon|interest rate|rate|margin|growth|return|tax|duty|duties|its workforce|pay|wages?|raise|increase|rise|decline|drop|fall)
            (which|that|who|already|currently|and) (\S+ ){0,2}?(owns|owned|holds|held|has|had|controls|bought|acquired) … TARGET
            (owns|owned|holds|held|controls|with an?|with) (about |around |some |roughly )?TARGET
            (market share|premium|discount|workforce|tariffs?|shares|stock|rates?|deficit|inflation|unemployment) (\S+ ){0,4}?TARGET
            (from|by) TARGET
        """,
        TermName.VOLUME: r"""
            (recall(s|ed|ing)?|sold|sales|deliveries|delivered|output|produced|production|cut(s|ting)?|fell|falls|rose|rises|drop(s|ped)?|lose|lost|stolen|damaged|fleet|registered|registrations|exports?|exported|imports?|backlog|stock|inventory|employ(s|ed)?|recalled|cancel(s|led|ling)?|scrap(s|ped)?|reduce[sd]?|by) (\S+ ){0,6}?TARGET
            (fall|rise|rose|fell|drop|up|down|slip|jump)(s|ped|ped)? to TARGET
            TARGET (\S+ ){0,4}?(recalled|sold|delivered|produced|built so far)
            (opec|opec\+) … TARGET
            capacity (… )?(of|to|at|is) TARGET
            (?<!order )(?<!order for )(wind farm|plant|factory) (of|with) TARGET
        """,
        TermName.CAPACITY: r"""
            (cut(s|ting)?|reduc(es?|ing)|clos(es?|ing)|scrap(s|ping)?|abandon(s|ing)?|give(s)? back|shelv(es?|ing)|idl(es?|ing)|by|produced|sold|drop(s|ping)?) (\S+ ){0,6}?TARGET
            ORDERING (\S+ ){0,2}?TARGET
        """,
        TermName.JOBS: r"""
            (cut(s|ting)?|lay off|lays off|slash(es)?|eliminat(es?|ing)|axe[sd]?|los[est]{1,2}|loss|reduc(es?|ing)|shed(s|ding)?|save|saves|saving|threat\S{0,4}|risk|strike|striking|already) … TARGET
        """,
    },
    units=_UNITS,
    hedges="could|may|might|would be|potentially|possibly",
    past=r"last year|years? ago|previously|a decade ago|months ago|at the time|earlier this year|last (month|week)",
    ranges="between|less than|under|below|fewer than|not more than|no less than",
    range_conjunctions="to|and|or|-|–",
    articles="a|an|the|its|their|another",
    per_share=r"\s?(?:per|a|an|each|/|apiece)\s?(?:ordinary\s|common\s|outstanding\s)?(?:share|apiece|ads)|\s(?:apiece)",
    per_year=r"(?:\s(?:a|per|each|every)|/)\s?(?:year|annum)|\sannually|\syearly",
    per_day=r"(?:\s(?:a|per|each|every)|/)\s?day|\sdaily",
    gap_limits="whether that during while but because if when unless says said after as amid which who",
    noun_phrase_limits="with on in for as to after by over at from amid despite against and of",
)
