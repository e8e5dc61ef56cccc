"""Recognise a request for help, and mistyped commands."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA

from bot.model.text_folding import fold, fold_words

#: The word for help in each language.
HELP_WORDS = ("help", "hilfe", "ayuda", "ヘルプ")
#: What people type to find out what the bot can do, in each language of the bot.
_REQUESTS = frozenset(
    fold(text)
    for text in (
        *HELP_WORDS,
        # English
        "help me", "please help", "help please", "i need help", "can you help me", "commands", "command list", "list commands",
        "show commands", "what commands are there", "what are the commands", "usage", "menu", "info", "about", "manual",
        "how to use", "how to use this", "how to use this bot", "how do i use this", "how do i use this bot",
        "how do i use you", "how does this work", "how does this bot work", "how does it work", "how do you work",
        "what can you do", "what can you do for me", "what can i do", "what can i ask", "what can i ask you",
        "what can this bot do", "what do you do", "what does this bot do", "what are you", "who are you", "what is this",
        "what is this bot", "start", "get started", "getting started", "hello", "hi", "hey",
        # German
        "hilf mir", "bitte hilfe", "ich brauche hilfe", "kannst du mir helfen", "befehle", "welche befehle gibt es",
        "was kannst du", "was kannst du alles", "was kannst du tun", "was kann ich fragen", "was kann ich dich fragen",
        "was machst du", "was kann der bot", "was ist das", "wer bist du", "was bist du", "wie funktioniert das",
        "wie funktioniert der bot", "wie geht das", "wie benutze ich das", "wie benutze ich dich", "anleitung", "hallo",
        # Spanish
        "ayudame", "ayuda por favor", "necesito ayuda", "puedes ayudarme", "comandos", "que comandos hay", "que puedes hacer",
        "que sabes hacer", "que haces", "que puedo preguntar", "que puedo preguntarte", "que es esto", "quien eres", "que eres",
        "como funciona", "como funciona esto", "como funcionas", "como se usa", "como te uso", "instrucciones", "hola",
        # Japanese
        "助けて", "使い方", "使い方は", "使い方を教えて", "使い方を教えてください", "コマンド", "コマンド一覧", "何ができる", "何ができるの",
        "何ができますか", "なにができる", "なにができますか", "できること", "何を聞ける", "あなたは誰", "これは何", "こんにちは",
    )
)  # fmt: skip
#: Signs and switches that ask for help behind a command.
_SIGNS = frozenset({"?", "？", "-h", "--help"})
#: Shorter words are near too many commands.
_MIN_LENGTH = 3
#: From this length on, a word may be two edits away from a command.
_TWO_EDITS_LENGTH = 5


def parse_help_request(text: str, commands: Collection[str] = ()) -> str | None:
    """Return the command that a text wants help with; empty for help in general, None if the text is no such request.

    The whole text must be a request: "help nissan" is a question, unless *nissan* is one of the commands.
    """
    words = fold_words(text)
    if text.strip() in _SIGNS or " ".join(words) in _REQUESTS:
        return ""
    topic = " ".join(words[1:])
    is_about_command = len(words) > 1 and words[0] in map(fold, HELP_WORDS) and topic in map(fold, commands)
    return topic if is_about_command else None


def find_near_commands(word: str, commands: Iterable[str]) -> list[str]:
    """Return the commands that a mistyped word may have meant: one or two edits away, the nearest first.

    The first letter must be right, or swapped with the second: people hardly ever mistype it, and many commands of other
    bots differ in nothing else.
    """
    typed = fold(word)
    if len(typed) < _MIN_LENGTH:
        return []
    max_edits = 1 if len(typed) < _TWO_EDITS_LENGTH else 2
    distances = [
        (OSA.distance(typed, command), command)
        for command in commands
        if typed[0] == command[0] or typed[1] == command[0]
    ]
    return [
        command
        for distance, command in sorted(distances)
        if 0 < distance <= max_edits and (typed[0] == command[0] or typed[:2] == command[1::-1])
    ]
