"""English words of headlines."""

from __future__ import annotations

from bot.entities.lexicon.base import HeadlineLexicon

ENGLISH = HeadlineLexicon(
    code="en",
    wire_prefixes="""
        ADVISORY ANALYSIS BREAKINGVIEWS BRIEF COLUMN CORRECTED DEALTALK DIGEST EXCLUSIVE EXPLAINER FACTBOX FEATURE FOCUS
        INSIGHT INTERVIEW MOVES PREVIEW REFILE REPEAT RPT TIMELINE UPDATE WRAPUP
        """,
    verbs="""
        abandons absorbs accelerates accepts accuses achieves acknowledges acquires adapts adds adjusts admits adopts
        advances agrees aims alleges allows amends announces apologises apologizes appeals appears appoints approaches
        approves argues asks assembles assures attracts auctions authorises authorizes avoids awaits awards axes backs
        backtracks balks bans beats begins believes benefits bets bids blames blasts blocks boasts bolsters books boosts
        borrows braces breaks brings broadens brushes builds bumps burns buys calls cancels caps captures cautions cedes
        celebrates challenges changes charges chooses circles claims clarifies clashes clears climbs clinches closes
        collects combines comes commences commissions commits completes concedes concludes confirms considers
        consolidates continues contests converts cooperates courts creates criticises criticizes crosses crushes cuts
        debuts decides declares declines deepens defeats defends defers delays delivers demands denies deploys designs
        details develops diverts disappoints discloses discontinues discusses dismisses disputes dissolves ditches dives
        divests doubles downgrades downplays downsizes drafts drops eases edges elects eliminates embarks embraces
        emerges employs enables ends enlists enters equips escapes establishes evaluates examines exceeds exits expands
        expects explains explores exports expresses extends eyes faces fails falls falters fells fends fights files
        finalises finalizes finds fines finishes fires fixes flags floats folds follows forecasts forges forms freezes
        fulfils funds furloughs gains gears gets gives goes grabs grants grows guides hails halts halves hands heads
        hedges helps hikes hints hires hits hoards holds hopes hosts hunts idles imports improves inaugurates
        incorporates increases inks insists installs integrates intends introduces invests investigates invites issues
        joins jumps jettisons keeps kicks kills lags lands lapses lashes launches lays leads leans leaps leases leaves
        lends licenses licences lifts lists lobbies locks logs loosens loses lowers maintains makes manufactures marks
        markets matches maps meets merges migrates misses mothballs moves mulls names narrows nabs nears needs
        negotiates nixes nominates notches notifies obtains offers offloads opens opposes opts orders ousts outlines
        outpaces outperforms outsells outsources overhauls overtakes owes owns packs partners passes patents pauses pays
        permits phases picks piles pilots pins pioneers pitches pivots places plans pledges plots plummets plunges
        poaches ponders posts postpones pours predicts prepares presents presses prevails previews prices pressures
        probes proceeds processes produces projects promises promotes proposes protests proves provides publishes pulls
        purchases pursues pushes puts quadruples quits raises rallies ramps ranks ratchets ratifies reacts reaches
        reaffirms realigns reassigns reassures rebounds rebrands rebuffs rebuilds recalls receives reclaims recognises
        recognizes records recovers recruits redesigns redirects reduces refinances refines refocuses refreshes refunds
        refuses registers regains rehires reiterates rejects rejigs rejoins releases relaunches relies relocates removes
        renames renews reopens reorganises reorganizes repairs repays replaces replies reports repositions repurchases
        requests requires rescinds rescues reserves reshapes reshuffles resists resolves responds restarts
        restates restores restructures resumes retains rethinks retires retreats retrenches returns reveals reverses
        reviews revamps revises revives reworks rides rises rivals rolls rules runs sacks sacrifices sails says scales
        scores scoops scouts scraps scrambles seals searches secures seeks sees seizes selects sells sends separates
        serves sets settles shakes shares sharpens sheds shelves shifts ships shortens shortlists showcases shows
        shrinks shrugs shuffles shutters shuts sides sidesteps signals signs simplifies sinks skips slashes slides slips
        slows slumps snags snaps snatches snubs soars sounds sources spars spearheads speeds spends spins splits
        sponsors spurns squeezes stages stakes stalls stands starts stays steers stems steps sticks stops strengthens
        stretches strikes strips struggles stumbles stuns submits subpoenas succeeds sues suffers supplies supports
        surges surpasses surprises surrenders suspends swaps swings switches tackles takes taps targets teams teases
        tells tempers terminates tests threatens throws tightens tops touts traces trades trails trains transfers
        transforms trials trims triples trumps tumbles turns tweaks unveils unwinds updates upgrades upholds upends
        urges uses vacates values vetoes views vies voices vows wades waits waives wants warns weathers
        weighs welcomes widens will wins winds withdraws withholds won works wraps writes yields
        """,
    auxiliaries="is has may can could should would must cannot looks remains",
    noun_verbs="""
        advances aims appeals approaches awards bans beats benefits bets bids blocks books boosts breaks burns calls
        caps changes charges claims clashes commissions courts cuts declines delays demands designs details dives drafts
        drops edges ends exits exports faces fails falls files finds fines fires fixes flags floats folds follows
        forecasts forms funds gains gears gets grants guides halts hands heads hikes hints hires hits holds hopes hosts
        hunts imports increases invites issues jumps keeps kicks lags lands launches leads leases leaves licenses
        licences lifts lists locks logs maps marks markets matches meets misses moves names needs notches offers orders
        packs partners passes patents pauses permits phases picks piles pilots pins pitches pivots places plans plots
        posts presents prices probes processes produces projects promises protests purchases pushes raises rallies ranks
        recalls records refunds registers releases repairs replies reports requests rescues reserves returns reviews
        rides rises rivals rolls rules runs sacks sails scales scores scouts searches sets shares shifts ships shows
        shuffles sides signals signs sinks slides slips slumps snags snaps sounds sources splits sponsors stages stakes
        stalls stands starts stays stems steps sticks stops stretches strikes strips struggles supplies supports surges
        surprises swaps swings switches takes targets taps teams tests tops traces trades trails trains transfers trials
        trims turns updates upgrades uses values views voices waits wins works yields
        """,
    noun_followers="""
        during of bring draw give make prove rely say send suffer think want are were have had hit hurt do did fall rise
        climb die go come grow mount soar ease slip pile expire get see seem face remain begin become spark threaten
        raise dodge cost last vary lose leave anger stay
        """,
    event_verbs="""
        begins breaks closes collapses comes continues drags ends fails kicks lasts
        opens remains resumes spreads splits starts stops turns works
        """,
    passive_participles="""
        accused acquitted allowed asked banned barred blamed charged cleared criticised criticized downgraded faulted
        fined forced given grilled hit investigated left ordered praised probed pressed pressured raided ranked rated
        rescued sanctioned scolded sentenced set slammed sued summoned targeted told upgraded urged valued warned
        """,
    passive_followers="a after again against as at by for from in of off on over to under with without",
    object_verbs="""
        accuse accuses acquit acquits allow allows ask asks ban bans bar bars blame blames challenges clear clears
        criticise criticises criticize criticizes downgrade downgrades fine fines grill grills investigate investigates
        join joins order orders overtake overtakes outsell outsells press presses probe probes pressure rival rivals sue
        sues summon summons tell tells upgrade upgrades urge urges
        """,
    conjunctions="and or",
    uncapitalized_words="after amid before between during from into onto over than that through toward towards under until upon when with without",
    other_heads="""
        academy arena cathedral choir church college festival foundation hospital institute library memorial museum
        raceway scientific speedway stadium theatre university
        """,
    other_lines="""
        airways bank biosciences biotech cement chemical chemicals energy foods fund hospitality hotels insurance labs
        laboratories media medical metals minerals mining oil pharma pharmaceuticals power precision properties railway
        realty rentals resources robotics shipping steel telecom therapeutics trust
        """,
    stock_words="stock stocks share shares ticker tickers",
    other_terms="""
        daimler truck|ford otosan|hyundai capital|hyundai card|hyundai e c|hyundai elevator|hyundai oilbank
        |hyundai transys|maruti suzuki|tata chemicals|tata communications|tata consultancy|tata consumer|tata power
        |tata steel|suzuki music|sony financial|gap widens|gap narrows|gap grows|gap shrinks|gap remains|gap persists
        |gap between|fiat chrysler|honda indy|hd hyundai|hyundai department|hyundai engineering|hyundai glovis
        |hyundai heavy|hyundai marine|hyundai merchant|hyundai mipo|hyundai mobis|hyundai rotem|hyundai steel
        |hyundai wia|nissan chemical|nissan shatai|renault trucks|kia oval|kia tigers|siemens energy|siemens gamesa
        |siemens healthineers|toyota boshoku|toyota gosei|toyota industries|toyota tsusho|toyota center|toyota stadium
        |mercedes sosa|mercedes benz stadium|mercedes benz superdome|audi field|suzuki method|mazda raceway
        |samsung heavy|bmw open|bmw championship|volvo ocean race|continental airlines|apple bank|apple cider
        |apple crumble|apple hospitality|apple juice|apple martin|apple orchard|apple orchards|apple pie|apple tree
        |apple trees|big apple|adams apple|fiona apple|arm in arm|arm wrestling|long arm|arms control|arms race
        |amazon basin|amazon rainforest|amazon river|amazon deforestation|amazon jungle|amazon forest|amazon tribe
        |alphabet soup|ancient alphabet|block chain|block communications|block party|block voting|apartment block
        |continental breakfast|continental congress|continental drift|continental europe|continental resources
        |continental shelf|continental cup|delta force|delta variant|mekong delta|niger delta|nile delta|river delta
        |delta electronics|delta blues|indus delta|20th century fox|twentieth century fox|arctic fox|fox hunt
        |fox hunting|fox sisters|megan fox|liam fox|vicente fox|michael j fox|jamie fox|gap year|gap years|gap toothed
        |gender gap|pay gap|wage gap|wealth gap|trade gap|funding gap|cumberland gap|genesis energy|book of genesis
        |genesis block|genesis global|genesis mission|sega genesis|gm corn|gm crop|gm crops|gm food|gm foods|gm maize
        |gm mosquito|gm mosquitoes|gm plants|gm rice|gm salmon|gm seed|gm seeds|gm soy|gm soya|gm soybean|gm soybeans
        |gm wheat|intel agencies|intel agency|intel briefing|intel chiefs|intel committee|intel community|intel gathered
        |intel gathering|intel leak|intel leaks|intel official|intel officials|intel sharing|intel failure
        |intel failures|jaguar cub|jaguar cubs|jaguar population|jaguar sighting|lucid dream|lucid dreamer
        |lucid dreamers|lucid dreaming|lucid dreams|lucid interval|magna carta|mini budget|mini bar|mini fridge|mini job
        |mini jobs|mini golf|mini series|betty ford|gerald ford|glenn ford|harrison ford|henry ford|john ford|rob ford
        |doug ford|tom ford|ford madox|ford coppola|ford maddox|ford theatre|ford theater|fords theatre|nikola tesla
        |tesla coil|tesla coils|omega 3|oracle bone|oracle bones|oracle of omaha|orange alert|orange bowl|orange county
        |orange juice|orange is the new black|orange order|orange prize|orange revolution|orange tree|orange trees
        |agent orange|clockwork orange|orange groves|ram raid|ram raiders|ram raids|ram chip|ram chips|ram crisis
        |ram module|ram modules|ram price|ram prices|ram shortage|ram stick|ram sticks|ram mandir|ram temple|seat belt
        |seat belts|hot seat|swing seat|window seat|sharp decline|sharp drop|sharp fall|sharp increase|sharp rise
        |sharp turn|shell beach|shell casing|shell casings|shell companies|shell company|shell firm|shell firms
        |shell game|shell houston open|shell scientific|shell script|shell shock|smart bomb|smart card|smart cards
        |smart cities|smart city|smart contract|smart contracts|smart grid|smart home|smart homes|smart meter
        |smart meters|smart money|smart motorway|smart motorways|smart phone|smart phones|smart thermostat
        |smart thermostats|smart tv|smart tvs|smart watch|snap ballot|snap election|snap elections|snap poll|snap vote
        |cold snap|oh snap|square enix|square feet|square foot|square kilometres|square metres|square mile|square miles
        |times square|red square|tiananmen square|trafalgar square|tahrir square|target audience|target center
        |target date|target field|target hospitality|target practice|target price|target prices|climate target
        |emissions target|inflation target|uber chic|uber cool|uber fan|uber fans|uber luxury|uber rich|uber wealthy
        |united airways|united arab emirates|united front|united ireland|united kingdom|united nations|united opposition
        |united states|leeds united|manchester united|newcastle united|dc united|atlanta united|west ham united
        |sheffield united|united rentals|united utilities|united way|united health|united parcel|united therapeutics
        |united steelworkers|united auto workers|vale of|visa applicant|visa applicants|visa application
        |visa applications|visa backlog|visa bond|visa exemption|visa fraud|visa free|visa holder|visa holders
        |visa interview|visa interviews|visa overhaul|visa overstays|visa policy|visa programme|visa program
        |visa requirement|visa requirements|visa restrictions|visa rule|visa rules|visa scheme|visa waiver|visa waivers
        |entry visa|exit visa|golden visa|h 1b visa|h1b visa|student visa|tourist visa|travel visa|work visa
        |rolls royce motor cars|rolls royce phantom|rolls royce ghost|rolls royce cullinan|rolls royce spectre
        |rolls royce dawn|rolls royce silver
        """,
)
