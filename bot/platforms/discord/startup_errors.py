"""Log in to Discord without its gateway, and turn what goes wrong at startup into one sentence."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.errors import DiscordUnavailable
from bot.platforms.discord.client import build_intents
from bot.platforms.discord.error_mapping import is_token_refused, summarize_error
from bot.platforms.discord.proxy import build_proxy_options, translate_proxy_error
from bot.settings import Settings

TOKEN_REFUSED_MESSAGE = "Discord rejected the token: check DISCORD_TOKEN, or reset the token in the developer portal."  # noqa: S105 - a sentence
NETWORK_ADVICE = "Check this machine's internet connection, name server and firewall."
#: The gateway's close code for a bad token
#: (https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes).
AUTHENTICATION_FAILED = 4004


@contextlib.asynccontextmanager
async def translate_startup_errors() -> AsyncIterator[None]:
    """Turn what discord.py raises at startup into DiscordUnavailable with one sentence."""
    try:
        yield
    except (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError) as exc:
        raise DiscordUnavailable(translate_proxy_error(exc)) from exc
    except discord.LoginFailure as exc:
        if isinstance(exc.__cause__, discord.HTTPException) and not is_token_refused(exc.__cause__):
            raise DiscordUnavailable(f"Discord isn't responding properly: {summarize_error(exc.__cause__)}.") from exc
        raise DiscordUnavailable(TOKEN_REFUSED_MESSAGE) from exc
    except discord.ConnectionClosed as exc:
        reason = f"Discord closed the connection for good, with code {exc.code}."
        raise DiscordUnavailable(TOKEN_REFUSED_MESSAGE if exc.code == AUTHENTICATION_FAILED else reason) from exc
    except discord.PrivilegedIntentsRequired as exc:
        raise DiscordUnavailable(
            "Discord refused the message-content intent: turn it on in the developer portal, under Bot."
        ) from exc
    except (discord.HTTPException, discord.GatewayNotFound) as exc:
        reason = f"Discord isn't responding properly: {summarize_error(exc).rstrip('.')}."
        raise DiscordUnavailable(translate_proxy_error(exc) or reason) from exc
    except (aiohttp.ClientError, OSError, TimeoutError) as exc:
        reason = (str(exc) or "no answer").rstrip(".")
        raise DiscordUnavailable(f"Discord cannot be reached at {Route.BASE}: {reason}. {NETWORK_ADVICE}") from exc


@contextlib.asynccontextmanager
async def open_probe(
    settings: Settings, *, http_trace: aiohttp.TraceConfig | None = None
) -> AsyncIterator[discord.Client]:
    """Log a client in that only makes requests. Raises DiscordUnavailable for whatever goes wrong within."""
    options: dict[str, Any] = {"http_trace": http_trace} if http_trace else {}
    async with (
        translate_startup_errors(),
        discord.Client(
            intents=build_intents(message_content=False), **build_proxy_options(settings), **options
        ) as client,
    ):
        await client.login(settings.discord_token)
        yield client
