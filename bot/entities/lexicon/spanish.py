"""Spanish words of headlines."""

from __future__ import annotations

from bot.entities.lexicon.base import HeadlineLexicon

SPANISH = HeadlineLexicon(
    code="es",
    verbs="""
        abandona abarata abona abre acelera acepta acude acuerda acumula acusa adelanta adjudica admite adquiere
        advierte afronta ajusta alarga alcanza alerta alquila amenaza amplía anuncia apela aplaza aporta apuesta aprueba
        apura arranca asegura asume ata aumenta avanza avisa baja bate busca cae calienta cambia cancela capta cede
        celebra cerrará cierra coloca comienza compite completa compra comprará concluye confirma confía congela
        consigue consolida construirá construye contrata convoca crea crece cumple cuestiona deberá debuta decide
        defiende deja demanda dementía denuncia descarta desembarca desinvierte desmiente despide destina desvela
        detiene dice dimite dispara dobla duplica elegirá elevará elige elimina emite emplaza encarga encarece enfría
        entra entrega envía escinde espera estrena estudia estudiará evita exige explora exporta fabrica fabricará
        factura fía ficha firma frena fusiona gana gasta gestiona halla hunde ignora impone impulsa inaugura inicia
        incorpora incrementa ingresa instala invertirá invierte lanza lanzará lidera liquida llama llega llegará llevará
        llena logra mantiene mejora mira modifica muestra multiplica negocia niega nombra obtiene ofrece opta ordena
        para paraliza paga participa pelea permite pierde pide planea planta plantea podrá posterga precisa premia
        prepara presenta presiona pretende prevé prevén produce producirá prohíbe prolonga promete propone pone quiere
        rebaja recibe rechaza reclama reconoce recorta recorre recortará recupera recurre reduce reducirá refuerza
        registra reitera relanza remonta renueva renuncia repara reparte replantea reordena rescata resiste responde
        retira retoma retrasa revela revisa rompe rondará salta sella separa sigue simplifica sitúa sondea sortea sube
        subirá sufre suma supera suprime suspende sustituye tantea tendrá tiene toma trae traslada trasladará triplica
        ultima unifica vende venderá vincula vuelve
        """,
    conjunctions="y e o u",
    function_words="de el la en los las del una con por según más tras sobre sus desde hasta su para al se",
    other_terms="""
        alerta naranja|block de|delta del|delta de|meta de|meta del|la meta|mini bar|seat de|vale la|vale la pena
        |vale más|visa de|visa del|visa para|visa humanitaria|visas de
        """,
)
