"""What the bot can do: the overview, one command, the symbols in words, the greeting, and how a command is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, MenuChoice, button, container, row, select_menu, separator, text
from bot.cards.escaping import escape_line, heading
from bot.cards.markdown import code, join_parts, subtext
from bot.cards.message_limits import OPTION_LIMIT
from bot.cards.stage_progress import SYMBOL_MEANINGS
from bot.languages import format_alternatives, format_series, lazy, lazy_as, say, say_as
from bot.library.answers import Examples
from bot.model.follow import TargetKind
from bot.model.vocabulary import Claim, Stage

#: The topic of the page that explains the symbols; the other topics are names of commands.
SYMBOLS_TOPIC = "symbols"
#: The commands of editors; their page lists their subcommands.
DESK_COMMANDS = ("desk", "feeds")
_SECTIONS = (
    (lazy_as("help", "Questions"), ("deal", "story", "deals", "company", "latest", "upcoming", "timeline")),
    (lazy_as("help", "Following"), ("follow", "unfollow", "following", "catchup", "why")),
    (lazy_as("help", "The desk"), DESK_COMMANDS),
)
#: The section of the commands that are in no other.
_OTHER_SECTION = lazy_as("help", "Settings and data")
# Translators: in a list of commands, behind the name of each, what it is for
_PURPOSES = {
    "deal": lazy_as("help", "one deal: stage, parties, developments, sources"),
    "story": lazy_as("help", "one story of any kind, including about a plant, a product or a policy"),
    "deals": lazy_as("help", "a list of deals, newest first"),
    "company": lazy_as("help", "one company: its stories, its news, who it deals with"),
    "latest": lazy_as("help", "a list of the newest developments in all stories"),
    "upcoming": lazy_as("help", "what sources expect to happen next, soonest first"),
    "timeline": lazy_as("help", "a picture of one story, or of a company's stories, over time"),
    "follow": lazy_as("help", "get new developments in a channel or your DMs"),
    "unfollow": lazy_as("help", "stop following something"),
    "following": lazy_as("help", "what is followed, where, and whether posts arrive"),
    "catchup": lazy_as("help", "what's new in this channel's follows since you last looked; only you see it"),
    "why": lazy_as("help", "why a development was or wasn't posted here"),
    "settings": lazy_as("help", "time zone, digest time, quiet hours, hourly limit, language"),
    "data": lazy_as("help", "what is stored about you and this server, with buttons to erase it"),
    "status": lazy_as("help", "whether the bot is healthy"),
    "help": lazy_as("help", "this page, or help with one command"),
}
# What is typed behind a command. {company} and {partner} are companies of the newest deal, {everything} is the word for it.
_EXAMPLES = {
    "deal": ("{company} {partner}", "{company}"),
    "story": ("{company}",),
    "deals": ("", "{company}"),
    "company": ("{company}",),
    "latest": ("", "{company}"),
    "upcoming": ("", "{company}"),
    "timeline": ("{company} {partner}", "{company}"),
    "follow": ("{company}", "{company}, {partner}", "{everything}"),
    "unfollow": ("{company}",),
    "following": ("",),
    "why": ("{company} {partner}",),
    "help": ("", "follow"),
    "data": ("",),
    "status": ("",),
}
_NOTES = {
    "follow": lazy(
        "If you have Manage Server, posts go to the channel; otherwise, or in a DM, to your DMs. "
        "Older developments aren't posted, and each development is posted only once."
    ),
    "unfollow": lazy("With Manage Server, you can also unfollow for a channel; without it, only for your DMs."),
    "settings": lazy("On a server, you need Manage Server to change them. In a DM, they apply to you."),
    **dict.fromkeys(DESK_COMMANDS, lazy("Only editors can use these commands, on the desk's server.")),
}
_CLAIM_MEANINGS = {
    Claim.CONFIRMED: lazy("a party to the story says so"),
    Claim.REPORTED: lazy("a publisher says so"),
    Claim.DENIED: lazy("a party says, or a publisher reports, that it is false"),
}
_STAGE_MEANINGS = {
    Stage.RUMOURED: lazy("somebody says that it may happen"),
    Stage.TALKS: lazy("the companies are negotiating"),
    Stage.AGREED: lazy("agreed in principle, not binding: a memorandum or a letter of intent"),
    Stage.SIGNED: lazy("a binding contract is signed"),
    Stage.REVIEW: lazy("authorities or shareholders still have to approve"),
    Stage.COMPLETED: lazy("the deal is done"),
    Stage.TERMINATED: lazy("called off"),
    Stage.LAPSED: lazy("ended without a result"),
}


@dataclass(frozen=True, slots=True)
class CommandOption:
    """An option of a command: its name and description in English, and whether it may be left out."""

    name: str
    description: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """What a page says about a command.

    Attributes:
        name: the full name in English, as in ``deal`` or ``desk publish``.
        description: the description in English, which the catalogues have.
        subcommands: the commands of a group.
        is_slash_only: whether typing it only gives a button.
    """

    name: str
    description: str
    options: tuple[CommandOption, ...] = ()
    subcommands: tuple[CommandHelp, ...] = ()
    is_slash_only: bool = False

    @property
    def slash_name(self) -> str:
        """The name as Discord shows it to the reader."""
        return "/" + " ".join(say_as("command name", word) for word in self.name.split())


@dataclass(frozen=True, slots=True)
class HelpContext:
    """What all pages of help depend on.

    Attributes:
        bot_name: the name that a mention of the bot begins with.
        typed_prefix: what typed commands begin with here: the prefix, or a mention if the bot cannot read other messages.
        examples: companies to ask about; None if there are no stories.
        contact_url: the address of whoever runs the bot; empty if it is not set.
        can_manage: whether the reader has Manage Server; None in a DM.
    """

    bot_name: str
    typed_prefix: str
    examples: Examples | None = None
    contact_url: str = ""
    can_manage: bool | None = None

    def format_example(self, template: str) -> str:
        """Return what to type behind a command, as code has no markdown of its own."""
        companies = self.examples or Examples("nissan", "foxconn", "")
        return template.format(company=companies.company, partner=companies.partner, everything=say("everything"))


def help_card(commands: Sequence[CommandHelp], context: HelpContext) -> Card:
    """Return the overview of these commands, which are those that the reader may use, with buttons to try some."""
    sections = [
        text(f"**{title}**", *_command_lines(members), _section_note(members, context))
        for title, members in _group(commands)
    ]
    return Card(
        container(
            text(heading(say("What {bot} can do", bot=escape_line(context.bot_name, 40))), *_introduction(context)),
            separator(),
            *sections,
            separator(),
            text(_footer(context)),
            row(*_try_buttons(context), _help_button(SYMBOLS_TOPIC, say_as("button", "What the symbols mean"))),
            _command_menu(commands),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def command_help_card(command: CommandHelp, context: HelpContext, message: str = "") -> Card:
    """Return how to use one command. ``message`` is a sentence of ours above it, such as why it is shown."""
    examples = [code(example) for example in list_examples(command, context)]
    note = _NOTES.get(command.name.split()[0], "")
    return Card(
        container(
            text(message) if message else None,
            text(heading(code(command.slash_name)), say_as("command description", command.description)),
            text(say("**Examples**"), *examples) if examples else None,
            text(*_option_lines(command)) if command.options else None,
            text(*(_subcommand_line(subcommand) for subcommand in command.subcommands))
            if command.subcommands
            else None,
            text(subtext(say(note))) if note else None,
            row(_help_button("", say_as("button", "All commands")), *_try_buttons(context, command.name)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def symbols_card() -> Card:
    """Return what each symbol of the cards means, in words."""
    claims = [
        f"{labels.CLAIM_SYMBOLS[claim]} **{claim.label}** · {say(meaning)}"
        for claim, meaning in _CLAIM_MEANINGS.items()
    ]
    marks = [
        say("{symbol} **Retracted** · withdrawn by the desk, with the reason", symbol=labels.RETRACTED_SYMBOL),
        say("**⚠ Disputed** · denied, and not confirmed since: both sides are shown"),
    ]
    track = [f"{symbol} {say(meaning)}" for symbol, meaning in SYMBOL_MEANINGS.items()]
    stages = [f"**{stage.label}** · {say(meaning)}" for stage, meaning in _STAGE_MEANINGS.items()]
    return Card(
        container(
            text(heading(say("What the symbols mean"))),
            text(say("**Who says so**, in front of each development"), *claims, *marks),
            separator(),
            text(say("**How far a deal has come**, shown as a row of stages"), *track),
            text(*stages),
            row(_help_button("", say_as("button", "All commands"))),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def greeting_card(context: HelpContext) -> Card:
    """Return what the bot says once in a server that it has joined."""
    return Card(
        container(
            text(
                heading(say("Hello, I'm {bot}", bot=escape_line(context.bot_name, 40))),
                say(
                    "I track an industry's running stories: who is dealing with whom, how far along each "
                    "deal is, and who says so."
                ),
                *_introduction(context)[1:],
                say(
                    "**Get news here:** use `/follow` in the channel where you want posts. You need "
                    "Manage Server; without it, posts come to your DMs."
                ),
            ),
            row(
                _follow_everything_button(),
                *_try_buttons(context),
                _help_button("", say_as("button", "Help"), is_primary=True),
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def question_hint_card(context: HelpContext) -> Card:
    """Return how to ask, for a mention without a question."""
    return Card(
        container(
            text(_how_to_ask(context)),
            row(_help_button("", say_as("button", "Help"))),
            colour=labels.SUCCESS_COLOUR,
        )
    )


def near_commands_card(typed: str, commands: Sequence[str], prefix: str) -> Card:
    """Return which commands a mistyped one may have meant; without any, that it is none, and where help is."""
    typed_code, names = code(f"{prefix}{typed}"), [code(f"{prefix}{name}") for name in commands]
    if names:
        # Translators: commands are one or two commands, such as: `!deal` or `!deals`
        message = say(
            "{typed} is not one of my commands. Did you mean {commands}?",
            typed=typed_code,
            commands=format_alternatives(names),
        )
    else:
        message = say("{typed} is not one of my commands.", typed=typed_code)
    return Card(container(text(message), row(_help_button("", say_as("button", "Help"))), colour=labels.NEUTRAL_COLOUR))


def _introduction(context: HelpContext) -> list[str]:
    return [
        say("An industry's running stories, one page each: what happened, when, and who says so."),
        _how_to_ask(context),
    ]


def _how_to_ask(context: HelpContext) -> str:
    """Return the ways to ask. Without the message-content intent, typed commands begin with a mention too."""
    question = context.format_example("{company} {partner}").casefold()
    slash_name = say_as("command name", "deal")
    ways = [
        code(f"@{context.bot_name} {question}"),
        code(f"{context.typed_prefix}deal {question}"),
        code(f"/{slash_name}"),
    ]
    # Translators: ways are three examples of what to type
    return say("**Ask me about a deal:** {ways}. In a DM, just type your question.", ways=join_parts(*ways))


def _group(commands: Sequence[CommandHelp]) -> Iterator[tuple[str, list[CommandHelp]]]:
    """Put the commands into their sections, those of no section before the desk's; leave out empty sections."""
    by_name = {command.name: command for command in commands}
    listed_names = {name for _, names in _SECTIONS for name in names}
    other_names = tuple(sorted((name for name in by_name if name not in listed_names), key=_rank_other))
    *first_sections, desk_section = _SECTIONS
    for title, names in (*first_sections, (_OTHER_SECTION, other_names), desk_section):
        members = [by_name[name] for name in names if name in by_name]
        if members:
            yield say_as("help", title), members


def _rank_other(name: str) -> int:
    names = list(_PURPOSES)
    return names.index(name) if name in names else -1


def _command_lines(commands: Sequence[CommandHelp]) -> Iterator[str]:
    for command in commands:
        purpose = (
            say_as("help", _PURPOSES[command.name])
            if command.name in _PURPOSES
            else say_as("command description", command.description)
        )
        details = format_series(say_as("command name", each.name.split()[-1]) for each in command.subcommands)
        yield join_parts(code(command.slash_name), details or purpose)


def _section_note(commands: Sequence[CommandHelp], context: HelpContext) -> str:
    if context.can_manage is None or not any(command.name == "follow" for command in commands):
        return ""
    if context.can_manage:
        return subtext(say("You have Manage Server here, so `/follow` posts to this channel."))
    return subtext(say("You don't have Manage Server here, so what you follow comes to your DMs."))


def _footer(context: HelpContext) -> str:
    # Translators: contact is an address
    contact = say("Questions or problems: {contact}", contact=f"<{context.contact_url}>") if context.contact_url else ""
    return subtext(say("Messages are never stored; `/data` shows what is"), contact)


def list_examples(command: CommandHelp, context: HelpContext) -> list[str]:
    """Return examples of the typed command, as raw texts; none of a command that cannot be typed."""
    if command.is_slash_only:
        return []
    examples = (context.format_example(template) for template in _EXAMPLES.get(command.name, ()))
    return [f"{context.typed_prefix}{command.name} {example}".strip() for example in examples]


def _option_lines(command: CommandHelp) -> list[str]:
    lines = [say("**Options**")]
    for option in command.options:
        name = code(say_as("option name", option.name))
        description = say_as("option description", option.description)
        optional_label = "" if option.is_required else say_as("option", "optional")
        lines.append(join_parts(name, description, optional_label))
    return lines


def _subcommand_line(command: CommandHelp) -> str:
    return join_parts(code(command.slash_name), say_as("command description", command.description))


def _command_menu(commands: Sequence[CommandHelp]) -> ui.ActionRow[Any] | None:
    choices = [
        MenuChoice(command.name, command.slash_name, say_as("command description", command.description))
        for command in commands[:OPTION_LIMIT]
    ]
    return select_menu(custom_ids.HELP_MENU.build(), say_as("menu", "Help with one command"), choices)


def _help_button(topic: str, label: str, *, is_primary: bool = False) -> ui.Button[Any]:
    return button(label, custom_ids.HELP.build(topic=topic), primary=is_primary)


def _follow_everything_button() -> ui.Button[Any]:
    custom_id = custom_ids.FOLLOW_TARGET.build(kind=TargetKind.EVERYTHING.value, value="")
    return button(say_as("button", "Follow everything"), custom_id)


def _try_buttons(context: HelpContext, command_name: str = "") -> list[ui.Button[Any]]:
    """Return the buttons that show what a command answers: of one command, or of the overview."""
    if context.examples is None:
        return []
    tries = {
        "deal": say_as("button", "Try it: a deal"),
        "deals": say_as("button", "Try it: all deals"),
        "latest": say_as("button", "Try it: newest developments"),
        "company": say_as("button", "Try it: {company}", company=context.examples.company),
    }
    overview = ("deal", "latest", "company")
    names = [name for name in tries if name == command_name or (not command_name and name in overview)]
    return [button(tries[name], custom_ids.TRY.build(feature=name)) for name in names]
