"""What the developer portal has to say about the application: its profile, how it is added, and its intents.

https://docs.discord.com/developers/resources/application lists the fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import discord

from bot.model.findings import Finding
from bot.platforms.discord.client import PERMISSIONS

#: From this many people who can see a bot, Discord reviews its privileged intents, and then once a year
#: (https://docs.discord.com/developers/gateway/getting-started-with-privileged-intent-review).
REVIEW_THRESHOLD = 10_000
#: An application that is not verified cannot be added to more servers
#: (https://support.discord.com/hc/en-us/articles/360040720412).
VERIFICATION_THRESHOLD = 100
#: The part of a limit from which it is mentioned.
_EARLY = 0.75
#: Some follows need these: a thread for each story, and the ping of a role that not everybody may mention.
_OPTIONAL_PERMISSIONS = discord.Permissions(create_public_threads=True, mention_everyone=True)
_SERVER_SCOPES = frozenset({"bot", "applications.commands"})
_USER_SCOPES = frozenset({"applications.commands"})


def check_portal(application: discord.AppInfo, user: discord.ClientUser | None, reach: int) -> Iterator[Finding]:
    """Yield what is in order, and what to change where. ``reach`` is how many people can see the bot, at least."""
    yield from _check_profile(application)
    yield from _check_addresses(application)
    yield from _check_installation(application)
    yield from _check_intents(application.flags, reach)
    server_count = application.approximate_guild_count or 0
    is_verified = user is not None and user.public_flags.verified_bot
    if server_count >= VERIFICATION_THRESHOLD * _EARLY and not is_verified:
        yield Finding.note(
            f"The bot is in {server_count} servers, and Discord lets an application that is not verified into"
            f" {VERIFICATION_THRESHOLD} at most. Portal, App Verification."
        )


def _check_profile(application: discord.AppInfo) -> Iterator[Finding]:
    parts = {"a description": application.description, "tags": application.tags, "an icon": application.icon}
    missing = [name for name, value in parts.items() if not value]
    if missing:
        yield Finding.note(
            f"The application still needs {_join(missing)}, which people"
            " see before they add it. Portal, General Information; docs/portal.md has texts to paste."
        )
    else:
        yield Finding.ok("The application has a description, tags and an icon.")


def _check_addresses(application: discord.AppInfo) -> Iterator[Finding]:
    missing = [
        name
        for name, url in (
            ("Terms of Service", application.terms_of_service_url),
            ("Privacy Policy", application.privacy_policy_url),
        )
        if not url
    ]
    if missing:
        yield Finding.note(
            f"The application does not link to its {_join(missing)}; verification and the App Directory require both. Publish"
            " PRIVACY.md and your terms (docs/terms-template.md), then: portal, General Information."
        )
    else:
        yield Finding.ok("The application links to its terms and its privacy policy.")


def _check_installation(application: discord.AppInfo) -> Iterator[Finding]:
    if application.bot_require_code_grant:
        yield Finding.note("Nobody can add the bot while “Requires OAuth2 Code Grant” is on: turn it off. Portal, Bot.")
    if not application.bot_public:
        yield Finding.note("Only you can add the bot; “Public Bot” lets others do so. Portal, Bot.")
    server, user = application.guild_integration_config, application.user_integration_config
    problems = [
        "turn on “Guild Install”"
        if server is None
        else _find_fault(server.oauth2_install_params, _SERVER_SCOPES, "servers"),
        "turn on “User Install”" if user is None else _find_fault(user.oauth2_install_params, _USER_SCOPES, "users"),
    ]
    to_do = "; ".join(problem for problem in problems if problem)
    if to_do:
        yield Finding.note(f"“Add App” in the bot's profile is not fully set up: {to_do}. Portal, Installation.")
    else:
        yield Finding.ok("“Add App” works for servers and for people, with the permissions that the bot needs.")


def _find_fault(params: discord.AppInstallParams | None, scopes: frozenset[str], whom: str) -> str:
    """Return what to change in the default install settings for servers or users; empty if nothing."""
    missing_scopes = sorted(scopes - set(params.scopes if params else ()))
    if missing_scopes:
        return f"for {whom}, add the scope{'s' if len(missing_scopes) > 1 else ''} {_join(missing_scopes)}"
    if params is None or "bot" not in scopes:
        return ""
    missing = PERMISSIONS & ~params.permissions
    needless = params.permissions & ~(PERMISSIONS | _OPTIONAL_PERMISSIONS)
    changes = [
        f"add {name_permissions(missing)}" if missing.value else "",
        f"remove {name_permissions(needless)}, which the bot does not need" if needless.value else "",
    ]
    to_do = " and ".join(change for change in changes if change)
    return f"in the permissions for {whom}, {to_do}" if to_do else ""


def _check_intents(flags: discord.ApplicationFlags, reach: int) -> Iterator[Finding]:
    needless = [
        name
        for name, is_on in (
            ("Presence Intent", flags.gateway_presence or flags.gateway_presence_limited),
            ("Server Members Intent", flags.gateway_guild_members or flags.gateway_guild_members_limited),
        )
        if is_on
    ]
    if needless:
        yield Finding.note(f"The bot does not use the {_join(needless)}: turn it off. Portal, Bot.")
    if (
        flags.gateway_message_content_limited
        and not flags.gateway_message_content
        and reach >= REVIEW_THRESHOLD * _EARLY
    ):
        yield Finding.note(
            f"The bot's servers have {reach:,} members. From {REVIEW_THRESHOLD:,} people on, Discord reviews the message-content"
            " intent, once a year: apply in the portal, Bot. Without it, typed commands stop; mentions and slash commands do not."
        )


def name_permissions(permissions: discord.Permissions) -> str:
    """Return the names under which Discord shows permissions, joined."""
    return _join(name.replace("_", " ").replace("guild", "server").title() for name, is_set in permissions if is_set)


def _join(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
