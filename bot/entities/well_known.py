"""Names of large companies, by which a question is recognised to be about a company that the store does not know.

Only names that hardly mean anything else: *Qualcomm* and *Red Hat*, but neither *Target* nor *Block*. A company that is missing
here counts as any other word that no story has, unless it ends as companies' names do: *Ethiopian Airlines*.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.model.text_folding import fold

_NAMES = """
    Adobe Airbnb Akamai Alibaba Amazon Anthropic Appian Apple Asana Atlassian Autodesk Baidu Binance Bitmain ByteDance Canva Capcom
    Capgemini Cerebras Citrix Cloudera Cloudflare Cognizant Cohere Coinbase CoreWeave Coursera CrowdStrike Databricks Datadog DeepMind
    DeepSeek Dell Deloitte DocuSign DoorDash Dropbox eBay Embracer Ericsson Etsy Expedia Facebook Figma Fitbit Flipkart Fortinet
    Fujitsu GitHub GitLab GoDaddy Google Graphcore Groq Grubhub Hewlett HPE Huawei HubSpot IBM Infosys Instacart Instagram Intuit
    JetBrains Klarna Konami Lenovo Lightmatter LinkedIn Logitech Lyft Mastercard MediaTek Meituan Meta Microsoft Mistral MongoDB
    Motorola Naver Nebius NetApp NetEase Netflix Nintendo Nokia Nscale Nutanix Nvidia Okta OpenAI OpenText Oracle Palantir PayPal
    Perplexity Pinterest PlayStation Qualtrics Rackspace Rakuten Reddit Revolut Roblox Roku Salesforce SambaNova Samsung SAP Sega
    ServiceNow Shopee Shopify Siemens Skype Snapchat SoftBank Sony SpaceX Splunk Spotify Starlink Stellantis Stripe Supermicro SurveyMonkey
    Symantec Tencent Tenstorrent TikTok Tinder Toshiba Trello Tripadvisor Twilio Twitch Twitter Ubiquiti Ubisoft Unisys Verisign Vimeo
    VMware Waymo WeChat WeWork WhatsApp Wipro Workday xAI Xiaomi Yahoo Yandex Yelp YouTube Zalando Zendesk Zillow Zoho Zynga

    Advantest Aixtron AMD Amkor Ampere Ansys ASE ASML Besi Broadcom CXMT GlobalFoundries Hynix Ibiden Infineon Intel Kioxia KLA
    Kyocera Lasertec Marvell Mellanox Micron Murata Nexperia NXP Onsemi Qorvo Qualcomm Rambus Rapidus Realtek Renesas Rohm SanDisk
    Seagate SiFive Skyworks SMIC Soitec STMicro STMicroelectronics Synaptics Synopsys Teradyne TSMC UMC UNISOC Wolfspeed Xilinx YMTC

    Acura Aptiv Audi Autoliv Bajaj Bentley BMW BorgWarner Bosch Brembo Bridgestone Brilliance BYD Cadillac Canoo CATL Changan Chery
    Chevrolet Chrysler Citroën Cummins Dacia Daihatsu Daimler Denso Ducati Faraday Faurecia Ferrari Fiat Fisker Ford Forvia Foxconn
    Geely Goodyear Hankook Harley Honda Hyundai Infiniti Isuzu Iveco Jaguar Kia Koenigsegg Lamborghini Lancia Leapmotor Leoch Lexus
    LGES Lordstown Luminar Magna Mahindra Maruti Maserati Maybach Mazda McLaren Mercedes Michelin Mitsubishi Mobileye Navistar Nikola
    Nio Nissan Northvolt Opel Paccar Pagani Panasonic Perodua Peugeot Pirelli Polestar Porsche QuantumScape Renault Rivian SAIC Scania
    Seres Skoda Subaru Suzuki Tata Tesla Toyota Valeo Vauxhall Velodyne VinFast Volkswagen Volvo WeRide Xpeng Yamaha Zeekr ZF Zoox

    Abbott AbbVie Actelion Alexion Alkermes Allergan Alnylam Amgen Argenx Astellas AstraZeneca Baxter Bayer BeiGene Biocon Biogen
    BioMarin BioNTech Boehringer Celgene Cerevel Chugai Cipla CSL Daiichi Danaher Dexcom Eisai Fresenius Galapagos Genentech Genmab
    Gilead Glaxo GlaxoSmithKline Grifols GSK Illumina Immunomedics Incyte Insulet Ipsen Karuna Lilly Lonza Lundbeck Lupin Medivation
    Medtronic Merck Metsera Moderna Mylan Neurocrine Novartis Novavax Novo Novozymes Organon Otsuka Pfizer Pharmacyclics Philips
    Qiagen Regeneron Roche Sandoz Sanofi Sartorius Seagen Servier Shionogi Straumann Stryker Sumitomo Takeda Teva UCB Vertex Viatris
    Zimmer Zoetis

    Aeroflot Airbus Alitalia Alstom Amtrak Anduril Antonov Avianca BAE Boeing Bombardier Cathay Cessna COMAC COSCO CRRC Dassault DHL
    DSV EasyJet Embraer Etihad FedEx Finnair Gulfstream Hensoldt Hexcel Honeywell Iberia Irkut JetBlue Kuehne LATAM Lockheed Lufthansa
    Maersk MSC Northrop Pratt Qantas Raytheon Rheinmetall Ryanair Ryder Saab Safran Schenker Stadler Sukhoi Textron Thales Vistara
    Vueling Wizzair XPO

    ABB Adnoc Albemarle Alcoa Antofagasta Aramco ArcelorMittal Baosteel BASF Bechtel BHP BP Caterpillar Cemex Cenovus Chevron Clariant
    CNOOC Codelco ConocoPhillips Covestro Deere DuPont Eaton Ecopetrol EDF Emerson Enbridge Enel Engie Eni Enphase Eon EQT Equinor
    Evonik Exelon Exxon ExxonMobil Fanuc Fluor Fortescue Fortum Freeport Galp Gazprom Glencore Halliburton Hitachi Hochtief Holcim
    Iberdrola Itochu Jinko JinkoSolar Keyence Kingspan Komatsu Kuka Lafarge Lanxess Linde Longi Lukoil LyondellBasell Marubeni Mitsui
    Naturgy Neste NextEra Nordex Nucor NuScale Occidental Oklo OMV Pemex Petrobras PetroChina Petronas POSCO Repsol Rockwell Rosneft
    Rusal RWE Sabic Salzgitter Schlumberger Schneider Sika Sinopec Skanska SolarEdge Solvay Sonatrach SQM SSAB Strabag Suncor SunPower
    Sunrun Syngenta Teck Tenaris Thyssenkrupp TotalEnergies TransCanada Trina Uniper Vallourec Vattenfall Vestas Vinci Voestalpine
    Wacker Wartsila Westinghouse Woodside Yara Yaskawa YPF Ørsted

    Accenture Adyen Aegon AIG Allianz Amundi Aviva AXA Banorte Barclays BBVA Berkshire BlackRock Blackstone BNP Carlyle Citi Citibank
    Citigroup Commerzbank DBS Equifax Experian Fiserv Generali Goldman HSBC Intesa Invesco JPMorgan KKR KPMG Lazard Lloyds Macquarie
    Mapfre Mediobanca MetLife Mizuho Monzo MSCI Mubadala MUFG NatWest Nexi Nomura Nordea PwC Rabobank Robinhood Sabadell Santander
    Sberbank Scotiabank SMBC Temasek UBS Unicaja UniCredit Worldline Worldpay

    Adecco Adidas Airtel Aldi Aramark Asda Auchan Bacardi Barilla Bertelsmann Bunge Burberry Cadbury Cargill Carlsberg Carrefour
    Chanel Colgate Comcast Corteva Costco Danone Diageo Disney Dyson Electrolux Ferrero Gillette Givenchy Gucci Haribo Hasbro Heineken
    Heinz Henkel Hermès Hershey Hilton Hyatt IKEA InBev Inditex JBS Jio KDDI Kellanova Kellogg Kering KPN Kraft Kroger L'Oréal Lidl
    Lindt Lionsgate LVMH Marriott Mattel McDonald McDonalds Moncler Mondelez Monsanto Nespresso Nestlé Nike Nivea NTT Nutrien Olam
    Omnicom Paramount Pepsi PepsiCo Pernod Pixar Prada Primark Proximus Publicis Randstad Reckitt Rewe Richemont Rolex Sephora Shein
    Skechers Skydance Smithfield Sodexo Southwest Starbucks Swarovski Swisscom Telefónica Telekom Telenor Telia Telstra Temu Tesco Tiffany Tyson
    Unilever Uniqlo Verizon Versace Vivendi Vodafone Walgreens Walmart Warner Wendy's Whirlpool Wilmar Wizz WPP Zara ZTE
"""  # fmt: skip
_PHRASES = """
    Air Canada|Air China|Air New Zealand|All Nippon Airways|American Express|Analog Devices|Applied Materials|Bank of America|Bath & Body Works
    Best Buy|British American Tobacco|British Petroleum|Bristol Myers Squibb|Cathay Pacific|China Mobile|China Telecom|China Unicom|Coca Cola
    Credit Suisse|Delta Air Lines|Deutsche Bank|Deutsche Bahn|Deutsche Post|Deutsche Telekom|Duke Energy|Electronic Arts|Eli Lilly|Epic Games
    Estée Lauder|First Solar|Fox News|General Dynamics|General Electric|General Mills|General Motors|Global Foundries|Goldman Sachs|Great Wall Motor
    Home Depot|Hong Kong Airlines|Hewlett Packard|International Paper|Johnson & Johnson|Lam Research|Land Rover|Las Vegas Sands|Micro Focus
    Morgan Stanley|NextEra Energy|Novo Nordisk|Palo Alto Networks|Philip Morris|Procter & Gamble|Reckitt Benckiser|Red Hat|Rio Tinto|Rolls Royce
    Royal Dutch Shell|Saudi Aramco|Silicon Labs|Société Générale|Standard Chartered|State Grid|Sun Country|Sun Microsystems|Super Micro|Swiss Re
    Take Two|Texas Instruments|Thermo Fisher|Tokyo Electron|Turkish Airlines|Union Pacific|United Airlines|US Steel|Virgin Atlantic|Warner Bros
    Wells Fargo|Western Digital|Western Union|Wizz Air|World Wide Technology
"""
#: With these words, after a name, the names of companies end.
_ENDINGS = frozenset(
    "aerospace airlines airways aviation bank biosciences chemicals electronics foundries industries laboratories materials motor motors networks"
    " petroleum pharma pharmaceuticals semiconductor semiconductors studios telecom therapeutics".split()
)
#: Names that are words too. Beside the name of another company, and nothing else, they are names.
_AMBIGUOUS = """
    Alaska Alphabet Amazon American Apple Block Box Breeze Cadence Caterpillar Chase Chubb Condor Continental Delta Discover
    Emirates Frontier Gap Grab Hess Indigo Juniper Lemonade Match Mentor Monster Norwegian Orange Peloton Pioneer Progressive
    Rover Shell Sky Slack Snap Spirit Sprint Square Subway Swiss Target Titan Total Uber United Unity Virgin Visa Viva Wish
    Zoom
"""
_NAMES_BY_PHRASE = {
    tuple(fold(name).split()): name.strip() for name in _PHRASES.replace("\n", "|").split("|") if name.strip()
}
_MAX_PHRASE_WORDS = max(map(len, _NAMES_BY_PHRASE))
_AMBIGUOUS_NAMES_BY_WORD = {fold(name): name for name in _AMBIGUOUS.split()}
_NAMES_BY_WORD = {fold(name): name for name in _NAMES.split()}


def find_well_known_name(word: str) -> str | None:
    """Return the name of a large company that a folded word is; None if it is none."""
    return _NAMES_BY_WORD.get(word)


def find_ambiguous_name(word: str) -> str | None:
    """Return the name of a company that a folded word may be, although it is a word too; None if it is none."""
    return _AMBIGUOUS_NAMES_BY_WORD.get(word)


def find_well_known_phrases(words: Sequence[str]) -> dict[tuple[str, ...], str]:
    """Return the names of several words that large companies have, in folded words, by these words."""
    phrases = (
        tuple(words[start : start + length])
        for start in range(len(words))
        for length in range(2, _MAX_PHRASE_WORDS + 1)
    )
    return {phrase: _NAMES_BY_PHRASE[phrase] for phrase in phrases if phrase in _NAMES_BY_PHRASE}


def ends_name(word: str) -> bool:
    """Return whether the names of companies end with a folded word: *Airlines*, *Motors*."""
    return word in _ENDINGS
