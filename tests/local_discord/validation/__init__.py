"""What this Discord checks: the bodies of the bot's requests, and what a person's client would let them send.

`openapi` checks bodies against Discord's own description; `messages`, `components` and `commands` add the rules that it
leaves out. `options` and `modals` fill in commands, menus and forms as a client does, and refuse what it would refuse.
"""
