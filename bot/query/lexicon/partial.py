"""Languages of which only a few words are understood: the names of kinds and stages, or stopwords."""

from __future__ import annotations

from bot.model.vocabulary import Kind, Stage
from bot.query.lexicon.base import Lexicon

CHINESE = Lexicon(
    code="zh",
    facet_words={
        Kind.MERGER: "合并",
        Kind.ACQUISITION: "收购",
        Kind.STAKE: "持股|入股|参股",
        Kind.JOINT_VENTURE: "合资",
        Kind.ALLIANCE: "合作",
        Kind.SUPPLY: "供应",
        Kind.CONTRACT_MANUFACTURING: "代工",
        Kind.PLANT: "工厂",
        Stage.TALKS: "谈判",
    },
)
KOREAN = Lexicon(
    code="ko",
    facet_words={
        Kind.MERGER: "합병",
        Kind.ACQUISITION: "인수",
        Kind.ALLIANCE: "제휴",
        Kind.SUPPLY: "공급",
        Kind.PLANT: "공장",
        Kind.RESULTS: "실적",
    },
)
FRENCH = Lexicon(code="fr", stopwords="et avec de la le")
