"""Words for invented news: enough of them, as unevenly used as words are, and names in several scripts."""

from __future__ import annotations

import random
from itertools import accumulate

#: In the order in which they are used: the first are in most texts, the last in few.
COMMON = (
    "the to of and in for its with on by plant battery new vehicles production electric supply million talks agreement"
    " company deal market capacity year cells board plans platform partner share build joint models engines factory"
    " investment workers contract regulators approval software charging parts lithium quarter exports hydrogen stake"
    " merger licence assembly unit sales delay review line shareholders signed supplier trucks price ministry union"
    " technology materials output restructuring loan steel chips sensors motors recycling trial launch order tariff"
    " demand range autonomy vans buses cathode anode foundry axle gearbox inverter dealer fleet warranty recall bond"
).split()
TOPICS = (
    "battery cells;electric vans;a shared platform;solid-state batteries;fuel cells;hydrogen trucks;chip supply;"
    "motor production;an assembly line;recycling of batteries;driver assistance software;charging stations;axles;"
    "lithium supply;a new plant;the sale of its foundry;contract production;a minority stake;a licence for engines;"
    "inverters;cathode material;a line for buses;steel without coal;sensors;the merger of their truck units"
).split(";")
HEADLINES = (
    "{a} and {b} in talks over {topic}",
    "{a} confirms plans with {b} for {topic}",
    "{a} signs with {b} for {topic}",
    "{b} said to seek {topic} from {a}",
    "Regulators look at {a} and {b} over {topic}",
    "{a} puts off {topic}",
    "{a} opens work on {topic} in {place}",
    "Workers of {a} in {place} protest over {topic}",
    "{b} denies talks with {a} about {topic}",
    "{a} names a date for {topic}",
)
ROLES = ("buyer", "target", "supplier", "customer", "partner", "plant owner", "contract manufacturer", "investor", "")
COUNTRIES = ("JP", "DE", "US", "CN", "KR", "FR", "IT", "GB", "IN", "SE", "TW", "ES", "BR", "CZ", "TR", "MX")
FORMS = ("Co., Ltd.", "Corporation", "AG", "Group", "Holdings", "Inc.", "S.p.A.", "SE", "Motors", "Industries")
LINES = ("Motor", "Energy", "Steel", "Mobility", "Systems", "Batteries", "Logistics", "Electric", "Chemical", "Rail")
_ONSETS = "b br c ch d dr f fl g gr h j k kr l m n p pr r s sh sk st t tr v w y z".split()
_VOWELS = "a e i o u ai ei ou é ö ü".split()
_CODAS = ("", "", "", "n", "r", "l", "s", "x", "m", "nd", "rt", "lt")
_KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_HAN = "東西南北山川海石金木水火電車動力新大中和光明富士本田松日立三洋豊久永安平高原林森野島港都京華興隆盛泰鴻鋼鉄業通達聯信"
_HANGUL = "가나다라마바사아자차카타파하고노도로모보소오조기니디리미비시이지강남동산수영전진한현"


def uneven(count: int, flat: int) -> list[float]:
    """Cumulative weights of ``count`` things of which the first are chosen far more often; the less so, the larger ``flat``."""
    return list(accumulate(1 / (place + flat) for place in range(count)))


class Words:
    """Names and sentences, from one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._taken: set[str] = set()
        self.places = [self.name() for _ in range(600)]
        self._rare = [self.name().lower() for _ in range(6_000)]
        self._all = [*COMMON, *self._rare]
        self._weights = uneven(len(self._all), 3)
        self._sentences = [self._sentence() for _ in range(20_000)]

    def name(self) -> str:
        """Return a word that has not been made before, with a capital."""
        chance = self._chance
        while True:
            syllables = chance.choices((2, 3, 4), (5, 4, 1))[0]
            made = "".join(
                chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(syllables)
            ).capitalize()
            if made not in self._taken and 4 <= len(made) <= 14:
                self._taken.add(made)
                return made

    def script(self) -> str:
        """Return a name in another script."""
        letters = self._chance.choice((_KATAKANA, _HAN, _HAN, _HANGUL))
        return "".join(self._chance.choices(letters, k=self._chance.randint(3, 5)))

    def text(self, sentences: int) -> str:
        """Return that many sentences."""
        return " ".join(self._chance.choices(self._sentences, k=sentences))

    def _sentence(self) -> str:
        chosen = self._chance.choices(self._all, cum_weights=self._weights, k=self._chance.randint(8, 18))
        return " ".join(chosen).capitalize() + "."
