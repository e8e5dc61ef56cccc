"""How English headlines and sentences state the stage of a deal, and who stands behind it."""

from __future__ import annotations

from bot.model.vocabulary import Stage
from bot.query.lexicon.statements.base import Modifier, Statements

ENGLISH_STATEMENTS = Statements(
    nouns={
        "DEAL": r"(deals?|mergers?|acquisitions?|take-?overs?|buy-?outs?|purchase|sale|share sale|tie-?ups?|(joint )?ventures?|jvs?|alliances?"
        r"|partnerships?|contracts?|agreements?|accords?|pacts?|transactions?|combination|bids?|bidding|offers?|pursuit|stakes?|talks|negotiations"
        r"|discussions|spin-?offs?|divestitures?|buy|cooperation|collaboration|holding|listing|mous?|memorandum)",
        "ASSET": r"(stakes?|units?|business(es)?|divisions?|arms?|brands?|assets|holdings?|subsidiar(y|ies)|shares|operations|plants?|factor(y|ies)"
        r"|interest)",
        "MERGER": r"(deals?|mergers?|acquisitions?|take-?overs?|buy-?outs?|purchases?|sale|tie-?ups?|(joint )?ventures?|alliance|transaction|combination"
        r"|bids?|offers?|stakes?|spin-?offs?|divestitures?|buy|partnership|acquires?|merge)",
        "COUNTRY": r"((u\.s|u\.k|e\.u)\.?|us|uk|eu|china|japan|germany|france|italy|spain|britain|india|russia|iran|turkey|mexico|canada|brazil|ukraine"
        r"|saudi arabia|saudi|qatar|israel|north korea|south korea|taiwan|vietnam|indonesia|australia|poland|hungary|greece|egypt|ghana|nigeria|ivory coast|venezuela|argentina)",
        "TALKS": "(talks|negotiations|discussions|deliberations)",
        "TRADING": "(buying|selling|acquiring|merging|taking over|bidding|purchasing|divesting|spinning off|teaming up|partnering|offloading|investing in)",
        "TRADE": r"(buy|acquire|purchase|sell|be (acquired|bought)|take over|merge|combine|divest)",
        "REGULATOR": r"((e\.u|u\.s|u\.k)\.?|ftc|cma|cfius|samr|cci|jftc|kftc|accc|fcc|nca|doj|justice department|department of justice|bundeskartellamt|cartel office|cnmc"
        r"|eu|european commission|commission|brussels|competition (bureau|authority|commission|tribunal|watchdog|regulator)|regulators?|watchdogs?"
        r"|authorit(y|ies)|enforcers?|judges?|courts?|governments?|ministry|beijing|china|washington|london|berlin|rome|madrid|paris|tokyo"
        r"|india|britain|uk|us|japan|turkey|italy|spain|germany|france|canada|australia|biden|trump|shareholders?|stockholders|investors|holders|owners|board)",
        "RULES": r"(conditionally |unanimously |overwhelmingly |formally |finally )?(approv(es?|ed)|clear(s|ed)?|okays?|oks|back(s|ed)?|wav(es?|ed) through|green-?lights?"
        r"|reviews?|reviewing|investigat(es?|ing)|prob(es?|ing)|examin(es?|ing)|scrutini[sz](es?|ing)|look(s|ing)? into|challeng(es?|ed)|refers?"
        r"|extends?|delays?|holds? up|to decide|to rule|decides? on|rules? on|votes?|voted|reject(s|ed)? challenge|sets? conditions|imposes?|raises? concerns?"
        r"|asks? for|demands?|sues? (to|over)|seeks? to (block|stop)|moves? to block)",
        "NOD": "(approval|clearance|nod|green light|go-ahead|blessing|thumbs[- ]up|okay)",
        "SCRUTINY": r"((antitrust|anti-trust|regulatory|competition|merger|shareholder|phase (two|2|ii)|in-depth|national security|golden power|cfius|eu)"
        r" (review|approval|clearance|probe|scrutiny|investigation|vote|nod|concerns?|worries|fears|hurdles?|doubts|conditions)|under review"
        r"|(second request|remed(y|ies)|concessions) to (ease|win|address|allay|satisfy))",
        "CALLED": r"(terminat(es?|ed|ing)|call(s|ed|ing)? off|scrap(s|ped|ping)?|abandon(s|ed|ing)?|cancel(s|led|ed|ling|ing)?|withdraws?|withdrew|withdrawn"
        r"|withdrawing|withdraws? from|drop(s|ped|ping)?|(?<!the )(?<!year )end(s|ed|ing)?(?! of\b)|ditch(es|ed)?|shelv(es?|ed)|axe(s|d)?|dissolv(es?|ed)|unwinds?|kill(s|ed)?|nix(es|ed)?|quits?"
        r"|break(s|ing)? (off|up)|broke off|giv(es?|ing) up( on)?|gave up( on)?|back(s|ed|ing)? (out|away)|walk(s|ed|ing)? away|pull(s|ed|ing)? out"
        r"|split(s|ting)?)",
        "CLOSED": r"(complet(es?|ed|ing)|clos(es?|ed)(?! to\b)"
        r"|(completion|closing) of(?!( \S+){0,8} (expected|due|delayed|slips?|set|seen|planned|scheduled|likely|postponed|pushed|targeted))|finali[sz](es?|ed)|wrap(s|ped)? up|conclud(es?|ed)|finish(es|ed)?|consummat(es?|ed))",
        "FAILS": r"(collaps(es?|ed)|f(alls?|ell|allen) (through|apart)|br(eak|eaks|oke|oken) (down|off|up)|fizzl(es?|ed)( out)?|unravel(s|led|ed)?"
        r"|(is|are|was|were|been|be|gets?) (called off|scrapped|terminated|cancelled|canceled|abandoned|dropped|shelved)"
        r"|called off|scrapped|terminated|(is|are|now) (off|dead|over)|off the table)",
    },
    stages=(
        (
            None,
            r"""
            sign(s|ed|ing)? off
            (?<!has )(?<!have )since … (DEAL|CALLED)
            (settlement|plea|licensing fee) (deal|talks|agreement)
            trade (war|talks|deal|pact|truce|negotiations)
            (xi|trump-xi|g20|g7|opec\+?|brexit|nafta)
            COUNTRY (near|reach|strike|sign|agree)(s|es|d|ed)?
            COUNTRY(,| and) COUNTRY (near|agree|sign|team|join|reach|strike|ink|hold|in|resume|end|to)(s|ed)?
            (deal|talks|agreement|pact|negotiations|accord) with (the )?COUNTRY(?=$|[,;:]| (on|over|in|to|by|if|as|for|at)\b)
            (failed|aborted|ill-fated|doomed|botched) (\S+ ){0,3}?DEAL
            (senators?|lawmakers|congress|senate|parliament|opec|republicans|democrats|trump|eu|g7|g20|ministers|nato|union|coalition|white house|house) (\S+ ){0,4}?(strikes?|struck|reach(es|ed)?|agrees?|agreed) … (deal|agreement|on|to)
            (withdraws?|withdrew|drops?|dropped) (recommendation|support|backing|guidance|forecast|outlook|appeal)
            buy(s|ing)? (back|time)
            (best|top|stocks?|cars|things|reasons?|where|how|when) … to buy
            (wage|pay|labou?r|union|tariffs?|trade|peace|plea|ceasefire|budget|climate) (deals?|talks|agreements?|contracts?|negotiations|accords?)
            (nuclear|peace|six-party|truce|coalition|brexit|hostage|diplomatic) (talks|negotiations|deal|agreement|accord|pact)
            (talks|negotiations|deal|agreement|accord|pact) … (nuclear program(me)?|nuclear weapons|peace|ceasefire|truce|unity government|coalition government|hostages)
            (deal|talks|agreement|contract|negotiations|accord) … (unions?|uaw|unifor|ig metall|wages)
            (deal|talks|agreement|negotiations|accord) … (on|over|about) (\S+ )?tariffs
            (unions?|uaw|unifor|ig metall|workers|machinists|teamsters|pilots) … (deals?|talks|agreements?|contracts?|negotiations|vote)
            """,
        ),
        (
            Stage.REVIEW,
            r"""
            (drop(s|ped)?|end(s|ed)?|clos(es?|ed)|withdr(aws?|ew)|los(es?|t)) (\S+ ){0,2}(challenge|probe|lawsuit|suit|case|opposition|review|investigation|objections?) … DEAL
            (sues?|sued|suing|moves?|seeks?|bids?|asks?|lawsuit|suit|tries) (\S+ ){0,2}to (block|stop|halt) … DEAL
            (decision|move|ruling|bid|vote|plan) to (block|stop|halt|veto|ban) … DEAL
            (upholds?|overturns?|lifts?|strikes down|los(es|t)) … (ban|block|veto|order) … DEAL
            hearings? on ~ MERGER
            lets? … (DEAL|merge) (proceed|go ahead|close)
            """,
        ),
        (
            Stage.TERMINATED,
            r"""
            (to (formally |finally |officially )?)?CALLED( from| of)? ~ (DEAL(?! (battle|feud|saga|fight|war|drama|contest|speculation|hopes|uncertainty))|plans? to TRADE)
            (to )?call(s|ed|ing)? (\S+ ){1,5}off(?! guard| duty)
            (to )?call(s|ed|ing)? it quits
            cancel(s|led)? ~ orders?
            exits? (\S+ ){0,2}(venture|alliance|partnership|jv|talks|merger)
            (to )?part(s|ed|ing)? (ways|company)
            (to )?go(es|ing)? (their )?separate ways
            (to )?(pull(s|ed|ing)?|pulls?) the plug on … (DEAL|\S+)
            (to )?(walk(s|ed|ing)? away|back(s|ed|ing)? out|give(s)? up on \S+( \S+)? after)
            DEAL … FAILS
            (deal|merger|takeover|tie-up|acquisition) off
            no longer in (talks|negotiations)
            block(s|ed)? ~ DEAL
            DEAL … blocked
            (deal|merger|agreement|contract|talks) (termination|cancellation)
            termination of … DEAL
            """,
        ),
        (
            Stage.LAPSED,
            r"""
            (DEAL|option|exclusivity|deadline) … (laps(es?|ed)|expir(es?|ed)|r[ua]ns? out|times? out)
            lets? … (DEAL|option|exclusivity) … (lapse|expire)
            (deadline|DEAL) … passes without
            (DEAL|option|tender) … (fails? to reach|falls short of|misses) … (threshold|acceptance|acceptances|minimum)
            """,
        ),
        (
            Stage.COMPLETED,
            r"""
            CLOSED ~ (acquisition|merger|take-?over|deal|purchase|sale|buy-?out|transaction|combination|venture|stake|spin-?off|divestiture|tie-?up|unit|investment in|financing|share transfer|transfer of|agreement)
            (acquisition|merger|take-?over|deal|purchase|sale|buy-?out|transaction|tie-?up|spin-?off) (is |was |has been |have been |has |now |officially |formally )*(complete|completed|closed|closes|finali[sz]ed|done)
            DEAL … (closes|has been completed|is complete|takes effect|took effect|comes into force|becomes effective|became effective|goes through)
            (deal|merger|takeover) (done|closed|completed)
            (takes?|took|gains?|assumes?) (full |sole |majority |operational )?(control|ownership) of(?! ((the |its )?board|costs?|spending|its|their)\b)
            (now|officially|formally) owns
            becom(es?|ing) (\S+ )?(full|sole|outright|majority|new) (owner|shareholder) of
            """,
        ),
        (
            Stage.REVIEW,
            r"""
            REGULATOR (\S+ ){0,2}?RULES ~ MERGER
            REGULATOR (\S+ ){0,2}?(extends?|opens?|launch(es)?|begins?|starts?|widens?|delays?|ends?) ~ (probe|investigation|review|inquiry|decision) (of|into|on) ~ MERGER
            REGULATOR (\S+ ){0,2}?(sets? conditions|raises? concerns?|decides?|to decide|rules|to rule|votes?|to vote) (for|on|over|about) ~ MERGER
            refers? ~ MERGER to
            DEAL … (approved|cleared|blessed|backed|reviewed|investigated|probed|challenged) by … REGULATOR
            (giv(es?|en)|gave|gets?|got|wins?|won|receiv(es?|ed)|secur(es?|ed)|seeks?|sought|awaits?|awaiting|pending|obtain(s|ed)?|needs?|subject to|grants?|granted|lacks?|offers) … NOD … DEAL
            (DEAL|\S+-\S+) … (gets?|got|wins?|won|receiv(es?|ed)|secur(es?|ed)|awaits?|awaiting|pending|needs?|given|subject to|on track for|expected to (get|win|receive)|nears|close to|for) … NOD
            NOD (for|of) … DEAL
            SCRUTINY … DEAL
            DEAL … SCRUTINY
            REGULATOR (clears?|approves?|okays?|reviews?|probes?) \S+[^-\s]-[^-\s]\S+$
            REGULATOR refers \S+ to (a |an )?(phase|in-depth)
            (probe|investigation|review) (of|into) (\S+[^-\s]-[^-\s]\S+)$
            (settle(s|d|ment)?) … (doj|ftc|justice department|cma) … DEAL
            (paves?|paved|clears?|cleared) (the )?way for … DEAL
            (urg(es?|ed)|advis(es?|ed)|asks?|asked|tells?|recommends?) (\S+ )?(share|stock|unit)?holders (to )?(back|reject|vote|approve|oppose|accept) … DEAL
            (remed(y|ies)|concessions|divestments) … DEAL
            """,
        ),
        (
            Stage.AGREED,
            r"""
            mous?
            memorand(um|a) (of understanding|with|on|for)
            (sign(s|ed)?|ink(s|ed)?|announces?|under) … memorandum
            letters? of intent
            loi
            agree(s|d|ment)? (\S+ )?in principle
            (preliminary|non-?binding|framework|basic|initial|tentative|provisional|handshake|outline|draft) (\S+ )?(agreement|deal|accord|pact|terms|term sheet|contract|memorandum)
            (agree(s|d)?|sign(s|ed)?|ink(s|ed)?) (on )?(heads of terms|outline|key terms|main terms)
            heads of (terms|agreement)
            non-?binding term sheet
            sh(ake|akes|ook) hands on
            agree(s|d)? to (form|create|set up|establish|explore|cooperate|collaborate|partner|team up|share|develop|work)
            """,
        ),
        (
            Stage.SIGNED,
            r"""
            agree(s|d)? to TRADE
            agree(s|d)? to (?!explore|discuss|consider|study|hold|extend|review|end)… (takeover|buyout|acquisition|merger|sale|purchase)
            agree(s|d)? (?!to |on |terms|not )~ (takeover|merger|acquisition|sale|purchase|buyout|deal|tie-up|contract)
            (definitive|binding|firm|final) (\S+ )?(agreements?|deals?|contracts?|offer|orders?|term sheet)
            enter(s|ed|ing)? into … (agreement|contract|pact|partnership|venture|alliance)
            (sign(s|ed|ing)?|ink(s|ed|ing)?|seal(s|ed|ing)?|clinch(es|ed)?|struck|strikes|(?<!a )(?<!on )(?<!the )strike) ~ (DEAL|partner)
            (sign|ink|seal|clinch)(s|es|ed)? (to|with) (buy|supply|acquire)
            DEAL … (signed|inked|sealed)
            reach(es|ed)? … (deal|agreement) to TRADE
            (deal|agreement|contract|pact|accord) to (TRADE|supply|build|form)
            announces? … (acquisition|purchase|sale|takeover) of
            announces? … (partnership|merger|tie-up|agreement|joint venture|alliance|collaboration|combination)
            (acquires|snaps up|snapped up|gobbles up|scoops up|swoops (on|for)|buys|takes over)(?= (?!as |from |at |the dip)\S)
            (has|have) (acquired|bought|agreed to TRADE)
            (buy|acquire|acquired|bought|picks? up|takes|took|raises|lifts|ups) … stake
            (picks up|takes out|lands|nabs) … in … deal
            takes? \d\S* (percent |per cent )?(of|in)
            buys into
            (takes|took) (a )?majority (of|in)
            enter(s|ed)? (capital|business|strategic) (\S+ )?(alliance|partnership|tie-up)
            (takes?|took) … private (in|for)
            (with|in) … (billion|million|bn|mln|[$€£]\S+) (\S+ )?(deal|acquisition|takeover|buyout) (for|with|of)
            with … (sale|acquisition|purchase) of
            \S+, \S+ (buy|acquire)(?= \S)
            (?<!cars )(?<!vehicles )(?<!evs )(?<!units )(?<!shares )(?<!chips )sold to(?= [^\d\s])
            (sells|offloads|divests|unloads) (?!more |fewer |less |out |record |\d)… to(?= \S)
            (sells|sold|offloads?|offloaded|sheds|divests|unloads|hives off|disposes of) ~ ASSET
            (wins?|won|lands?|landed|bags?|bagged|secures?|secured|scoops?|nets|nabs|gets|receives|award(s|ed)|obtains|places?|books?) … (contracts?|orders?|auction|tender|deals?|mandate|financing|refinancing|loans?|facility|credit line|funding|supply pact|takeover|stake)
            rais(es?|ed) … (funding( round)?|series [a-f]|listing|ipo|share sale|bond sale|financing)
            (to )?team(s|ed|ing)? up(?= \S)
            (to )?(collaborat|cooperat)(e|es|ed|ing) (on|with|in)
            (to )?join(s|ed|ing)? (forces|hands)
            (to )?partner(s|ed|ing)? (up )?with
            (?<!, )(?<!and )(?<!its )(to partner|partners) (on|to|in)
            (to )?(link|tie)(s|d|ed|ing)? up with
            (to )?(form|create|set up|launch|establish)(s|es|ed)? (\S+ ){0,4}(joint ventures?|jv|alliance|partnership)
            (tapped|picked|chosen|selected|chooses|picks|selects|taps) … (to supply|to build|as supplier|supplier|to provide)
            merges with
            finali[sz]e(s|d)? … terms
            """,
        ),
        (
            Stage.AGREED,
            r"""
            agree(s|d)? (to|on|a|an|terms) … (DEAL|terms)
            reach(es|ed)? (\S+ ){0,2}(agreement|deal|accord|pact)
            """,
        ),
        (
            Stage.TALKS,
            r"""
            (in|hold(s|ing)?|held|enter(s|ed)?|begins?|began|starts?|started|resum(es?|ed)|reviv(es?|ed)|restarts?|reopens?|opens?|opened|continues?|exclusive|advanced|merger|takeover|early|late-stage|final-stage|exploratory) (\S+ ){0,3}?TALKS
            (talks|negotiations|discussions) (with|over|on|to|between|continu(es?|ed)|resum(es?|ed)|begins?|are|is|gather(s)?|drag(s|ged)?|advance|advancing|progress|stretch|stall(s|ed)?|heat)
            TALKS … (gather pace|drag on|stretch into|are advancing|make progress|progressing|ongoing|under way|underway)
            negotiat(es?|ed|ing)(?= (?!lower|better)\S)
            (negotiating|bargaining) table
            due diligence
            (said|reported) to be (nearing|in talks|in advanced talks|closing in|negotiating|close)
            opens? (its |the |their )?books to
            back at the table
            (haggl|wrangl|squabbl)(es?|ed|ing) (over|about|on)
            (thrash|hammer|iron)(es|s|ed|ing)? out
            (finali[sz]ing|wrapping up) … (DEAL|terms)
            discuss(es|ed|ing)? … (DEAL|TRADING|merging)
            (sit|sits|sat) down … (discuss|talk|TALKS)
            in contact with
            (near(s|ed|ing)?|clos(e|es|ing|er) (to|in on|on)|clos(es|ing) in on|(on|at)( the)? (verge|brink|cusp) of|inch(es|ing)? (closer )?(to|towards?)|edg(es|ing) (closer )?(to|towards?)) … (DEAL|TRADING)
            (close to|set to|poised to|about to|nears|nearing) (TRADING|TRADE)(?= \S)
            (front-?runner|preferred bidder|final round|exclusivity|shortlist(s|ed)?)
            """,
        ),
        (
            Stage.RUMOURED,
            r"""
            (mull|consider|explor|eye|weigh|ponder|stud(y|i)|contemplat|evaluat|assess)(s|es|ed|ing|e)? (?!in |clos|cut|shut|reopen|build|expand|delay|postpon|cutting|show|found|finds|says|by )(up to )?~ (DEAL|TRADING|options (for|over|on|including) … ASSET|alternatives|break-?up|ipo|merger|investment in)
            strategic (options|alternatives)
            rumou?rs? … (DEAL|TRADING)
            DEAL … rumou?rs?
            (approach(es|ed)?) (\S+ ){1,3}?(about|over|for|on|with)
            takeover approach
            interested in … (DEAL|TRADING|ASSET|\S+)
            (shows?|express(es|ed)|confirms?|signals?|declares?|registers?) … interest
            interest in (TRADING|stake)
            (draws?|attracts?|drew|fields?) … (suitors?|bidders?|takeover interest|offers|interest from … (funds?|buyers?|bidders?|suitors?|rivals?|investors))
            court(s|ed|ing) … (buyers?|partners?|investors?|suitors?|bidders?)
            suitors
            circl(es?|ing)(?= \S)
            (sounds? out|sounding out|seeks?|seeking|search(es|ing)? (for|of)|looks? for|looking for|hunts? for|finds?|scouts?|to find|search for) … (buyers?|partners?|investors?|suitors?|bidders?)
            (puts?|goes|up) (\S+ ){0,5}?(up )?(for sale|on the block|on the market)
            up for sale
            (lines? up|hires?|taps?|appoints?|working with|works with|picks) … (banks?|bankers|advis[eo]rs?|goldman|lazard|rothschild|morgan stanley|jpmorgan) (for|to|on) … (DEAL|ASSET|buyer)
            working with advis[eo]rs
            (tipped|said|rumoured|rumored|believed) to (be (buying|selling|weighing|considering|interested)|bid|buy|acquire|sell|merge)
            speculation
            (could|may|might|would) ((?!not|never)\S+ )?(buy|acquire|purchase|take over|merge|combine|sell(?! (against|off|more|fewer|for)\b)|bid|make (a )?play|make (an )?(offer|bid)|launch … bid|tie up)
            (plans?|wants?|seeks?|seeking|hopes?|aims?|looks?|looking|keen|considers|planning) to (buy|acquire|take over|merge|combine)(?= (?!more |back |\d)\S)
            (plans?|wants?|seeks?|seeking|hopes?|aims?|looks?|looking|keen|considers|planning) to (sell|divest|offload|shed|unload|raise|spin off|exit) … (ASSET|DEAL)
            (kicks? off|starts?|launches|begins?|prepares?|preparing|readies|preps|pushes for) … (sale|auction|spin-?off|ipo|search for)
            (prepares?|preparing|readies|preps) … (bid|offer)
            look(s|ed|ing)? (at|into) … (DEAL|TRADING)
            """,
        ),
        (
            Stage.SIGNED,
            r"""
            to (acquire|buy|purchase|take over)(?= \S)
            to be (acquired|bought|taken over|taken private)
            to (sell|divest|offload) … (ASSET|DEAL|for [$€£¥]?\d)
            to (merge|combine) (with|into|\S+ (units?|business(es)?|operations))
            to supply \S+ … (to|for|with)
            to take … (stake|interest|majority)
            to take \d\S* (percent |per cent )?(of|in)
            """,
        ),
    ),
    denials=r"""
        den(y|ies|ied|ying)
        denials?
        refut(es?|ed)
        (reject(s|ed)?|dismiss(es|ed)?|disput(es|ed)|plays? down|played down|quash(es|ed)?|sho(ots?|t) down|knock(s|ed)? down|squash(es|ed)?|brush(es|ed) (off|aside)|scotch(es|ed)?|downplay(s|ed)?) (\S+ ){0,3}?(reports?|rumou?rs?|speculation|claims?|talk of|talk|chatter)
        rul(es?|ed) out
        (pour(s|ed)?|throw(s)?|threw) cold water on
        no (such )?(\S+ )?(talks|plans?|negotiations|discussions|deal|agreement|intention|interest in|truth)
        (untrue|baseless|unfounded|pure invention|pure speculation)
        reports? (\S+ ){0,4}?(is|are|was|were) (false|wrong|inaccurate|not true|incorrect|untrue|nonsense)
        call(s|ed) (\S+ ){0,5}?(reports?|rumou?rs?|speculation) (\S+ ){0,4}?(false|wrong|nonsense|invention|untrue|baseless|fiction)
        (not|isn['’]t|aren['’]t|never) (currently )?(in talks|considering|interested|planning|seeking|for sale|looking|in negotiations|in discussions|negotiating)
        """,
    hearsay=r"""
        sources?
        reportedly
        (people|person) (familiar|close)
        insiders?
        (is|are) said to
        rumou?r(s|ed)?
        according to … reports?
        reports?( says?)?
        reported
        leaked?
        exclusive
        (analysts?|ministers?|unions?|lawmakers?|officials?|ft|wsj|bloomberg|reuters|nikkei|cnbc|handelsblatt|spiegel|newspaper|paper|magazine|media|regulators?|governments?|bankers?|experts?|brokers?|watchdog|judge|court|trump|white house|pentagon|senator|treasury secretary|secretary|prime minister|chancellor|envoy|governor|antitrust chief|police|prosecutors|lawyers?) (says?|said)
        """,
    assertions=r"""
        confirm(s|ed|ation)?
        announc(es?|ed|ing|ement)
        (said|says) (on \w+ )?in a (statement|filing|press release)
        (regulatory|stock exchange|exchange) (filing|disclosure)
        in a (joint )?(statement|filing|press release)
        unveil(s|ed)
        says(?!( \S+){0,6} (could|may|might)\b)
        """,
    background="after|following|as|despite|amid|weeks after|months after|days after",
    gap_limits="whether that during while but because if when unless says said after as amid",
    noun_phrase_limits="with on in for as to after by over at from amid despite against",
    function_words="the to for with and says after over from of in on by at as its is",
    clause_starters="but and while after as although though that because said says",
    non_binding=r"mous?|memorand(um|a)|letters? of intent|lois?|non-?binding|preliminary|in principle",
    modifiers={
        Modifier.NOT: "not|never|no|without|neither|nor|(has|have|did|does|do|is|are|was|were|wo)n['’]t|can['’]?t|cannot",
        Modifier.FAILS: "fail|fails|failed|refuse|refuses|refused|decline|declines|declined|stops short of|yet",
        Modifier.NEAR: "close|closer|near|nears|nearing|about|poised|ready|set|on the verge of|on the brink of",
        Modifier.PERHAPS: "could|may|might|would|can|possible|possibly|potential|likely|unlikely|proposed",
        Modifier.WANTS: "plan|plans|planned|planning|aim|aims|hope|hopes|expect|expects|expected|intend|intends|want|wants|seek|seeks|try"
        "|tries|will|shall|should|must|(?<!close )(?<!closer )(?<!near )(?<!about )(?<!poised )(?<!ready )(?<!set )(?<!likely )to|if|unless|until|before|once|when|threaten|threatens|urge|urges|urged|call|calls|called"
        "|talks (to|on|over|about|for|with)|offers?|bids?|proposals?|proposes|proposed|rights?|options?|ability|how|why|where|which|tells?|told"
        "|orders?|ordered|forces|forced|asks?|asked|allows?|allowed|lets?|requires?|required|pressure|push|pushes|pressed|vows?|ways?|considers?|looks|looking|keen|races?|need|needs|waiting|waits|awaits|willing|willingness|upped|prepared|prepares?|front-?runners?|favou?rites?|candidates?|billion|million|able|eager|free|upgrades?|upgraded",
    },
)
