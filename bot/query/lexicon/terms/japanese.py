"""How Japanese articles name the terms of a deal."""

from __future__ import annotations

from bot.model.terms import TermName
from bot.query.lexicon.terms.base import TermPhrases

_UNITS = {
    "gwh": "GWh", "mwh": "MWh", "gw": "GW", "mw": "MW", "ギガワット時": "GWh", "ギガワット": "GW", "メガワット": "MW", "台": "台", "機": "機", "隻": "隻", "両": "両",
    "トン": "tonnes", "バレル": "barrels", "基": "基", "個": "個", "枚": "枚", "人": "jobs",
}  # fmt: skip

JAPANESE_TERMS = TermPhrases(
    nouns={
        "TRADE": "(買収|売却|取得|譲渡|購入|買い取|買い付け|受注|落札|完全子会社化|子会社化|譲受)",
        "INCOME": "(利益|純利益|黒字|赤字|損失|売上高|売上|収益|営業益|最終益|時価総額|融資|借り入れ|借入|社債|課徴金|罰金|制裁金|配当|減損|負債|債務|調達|補助金|助成|支援金|資産|資本金|評価額|予算|費用|賠償|和解金|違約金|解約金|相乗効果)",
    },
    terms={
        TermName.VALUE: r"""
            TARGET(で|を投じて|を投じ|にて)…TRADE
            (買収額|買収総額|取得額|取得価額|売却額|買収価格|売却価格|譲渡額|譲渡価格|取引額|受注額|契約額|買収金額|買い付け総額|取得価格|総額)(は|が|を|、)?…TARGET
            買収提案…を?TARGETに
            TARGET(の|規模の)(買収|売却|契約|受注|案件|提案|大型買収)
            TARGET(を|で)提案
        """,
        TermName.INVESTMENT: r"""
            TARGET(を|の|規模の)?(投資|投じ|投入)
            (投資額|総投資額|設備投資額?|投資総額)(は|が|を|、)?…TARGET
            に総額?TARGET(を)?投
            TARGETを出資
        """,
        TermName.PRICE_PER_SHARE: r"""
            (tob|価格|買い付け|買付|買収|提案|株)…TARGET
            TARGET…(tob|買い付け|買付|買収|取得|引き上げ|提案)
        """,
        TermName.STAKE: r"""
            (株式|株|議決権|持ち分|持分|発行済み株式|権益)の?TARGET…(取得|買収|売却|譲渡|保有へ|買い|握)
            TARGET(の)?(株式|株|持ち分|持分|権益|議決権|出資)…(取得|買収|売却|譲渡)?
            (出資比率|持ち株比率|持株比率|保有比率|議決権比率|持ち分比率|出資割合)(は|を|が)?…TARGET
            TARGETを?(出資|取得)
            TARGETを…(取得|買収|売却|譲渡)
        """,
        TermName.VOLUME: r"""
            TARGETの?…(発注|受注|供給|購入|調達|納入|注文|引き取)
            (発注|受注|供給|購入)…TARGET
        """,
        TermName.CAPACITY: r"""
            (生産能力|年産能力|年間生産能力|製造能力|能力|発電能力|年産)(は|が|を|、)?…TARGET
            TARGETの…(生産能力|工場)
            TARGETを?(生産できる|生産する)
        """,
        TermName.JOBS: r"""
            TARGETを?(の)?(雇用|採用|新規雇用)
            雇用…TARGET
        """,
    },
    others={
        TermName.VALUE: r"""
            INCOME[^、]{0,12}?TARGET
            TARGETの?(最終|純|営業|経常)?INCOME
            TARGET(を|の)?(資金)?(調達|融資|借り入れ|増配)
            TARGETで買収した
        """,
        TermName.INVESTMENT: r"""
            TARGET.{0,6}(削減|圧縮|減額|回収)
            INCOME[^、]{0,6}?TARGET
        """,
        TermName.PRICE_PER_SHARE: r"""
            (配当|利益|損失|終値|株価)…TARGET
            TARGET…(配当|増配|減配|利益|終値|高値|安値)
        """,
        TermName.STAKE: r"""
            TARGET…(下落|上昇|増|減|安|高|関税|引き上げる方針|値上げ|の関税)
            (関税|シェア|営業利益率|利益率|成長率|株は|株、|プレミアム|人員|従業員|売上高|配当性向)…TARGET
            TARGETを?(保有する|出資する|握る)[^。]{1,30}(が|は|、)
        """,
        TermName.VOLUME: r"""
            (リコール|販売|出荷|減産|回収|登録|生産台数|委託)[^。]{0,12}TARGET
            TARGET[^。]{0,12}(リコール|販売|回収|減産|に減少|に増加|キャンセル|削減|解約)
        """,
        TermName.CAPACITY: r"""
            TARGET[^。]{0,12}(リコール|販売|回収|減産|削減|購入|供給|発注)
        """,
        TermName.JOBS: r"""
            TARGET[^。]{0,10}(削減|リストラ|解雇|希望退職|減ら)
        """,
    },
    units=_UNITS,
    hedges="可能性|かもしれない|との観測|検討",
    past=r"\d{1,2}年前|昨年|前年|かつて|当時|買収した(?!と発表)|売却した(?!と発表)",
    ranges="未満|以内",
    range_conjunctions="~|〜|-|から",
    before_per_share=r"(?:1|一)株(?:当たり|あたり|につき)?",
    per_year=r"/年",
    before_per_year=r"(?:年間|年産|毎年|(?<!\d)年)",
    before_per_day=r"日量",
    has_spaces=False,
)
