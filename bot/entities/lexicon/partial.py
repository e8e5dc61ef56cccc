"""Languages of which only some words of headlines are known."""

from __future__ import annotations

from bot.entities.lexicon.base import HeadlineLexicon

CHINESE = HeadlineLexicon(
    code="zh",
    other_terms="""
        大众消费|大众点评|大众文化|大众传媒|大众媒体|大众化|大众市场|大众健康|大众体育|大众创业|社会大众|人民大众
        |普罗大众|广大大众|骏马奔驰|飞速奔驰|策马奔驰|自由奔驰|奔驰而
        """,
)
KOREAN = HeadlineLexicon(
    code="ko",
    other_terms="기아 문제|기아 퇴치|기아 타이거즈|기아 위기|기아 상태|기아 아동|기아 인구|기아와 빈곤",
)
FRENCH = HeadlineLexicon(
    code="fr",
    verbs="""
        abandonne accélère accepte accuse achète acquiert annonce annule appelle attaque augmente baisse bondit bat cède
        choisit chute cherche clôture conclut confirme construit conteste crée débauche décroche démarre dément demande
        dépasse déploie discute dit donne écarte embauche entre envisage espère étudie évite exige fabrique ferme fête
        finalise fusionne gagne gèle grimpe hésite intègre investit lance licencie lève muscle négocie nomme obtient
        offre ouvre paie parie perd peut pourrait poursuit prend prépare présente prévoit produit progresse propose
        quitte rachète ralentit rappelle recrute recule redémarre réduit refuse rejoint relance relève remporte renforce
        renonce repousse reporte reprend restructure résiste retarde retire réussit revend revoit s'allie s'associe
        s'offre signe souffre stoppe subit supprime surprend teste trouve veut vend vise voit
        """,
    conjunctions="et ou",
    function_words="le la les des du de une dans pour sur avec aux ses leur chez en par au",
    other_terms="alerte orange|vigilance orange|visa pour|visa d|jus d orange|delta du|meta analyse",
)
ITALIAN = HeadlineLexicon(
    code="it",
    verbs="""
        abbandona accelera accetta acquista affida alza annuncia annulla apre assume assorbe aumenta avvia blocca
        brevetta cambia cede cerca chiede chiude colloca compra conferma congela costruisce crea cresce crolla decide
        dimezza elimina entra esce ferma firma frena fonde guadagna incassa investe lancia licenzia mette nega nomina
        offre ordina ottiene paga parla passa perde porta presenta produce produrrà punta raddoppia rallenta realizza
        recupera riapre riceve richiama riduce rifiuta rilancia rileva rinuncia rinvia ritira riporta sbarca scende
        sceglie sfida sigla smentisce sospende sposta stacca studia supera svela taglia tratta trova ufficializza vara
        vende vince vola vuole
        """,
    conjunctions="e ed",
    function_words="il lo la gli di del della delle dei nel nella alla al dal dalla per più sul un",
    other_terms="allerta arancione|vale la|visa per|delta del po",
)
