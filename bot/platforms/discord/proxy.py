"""The HTTP proxy between the bot and Discord: when it is used, and what discord.py is told about it.

discord.py sends both requests and the gateway's connection through one proxy, so one decision serves both.
"""

from __future__ import annotations

import errno
import ipaddress
import os
from typing import NotRequired, TypedDict
from urllib.parse import unquote, urlsplit

import aiohttp
import discord
from discord.http import Route

from bot.settings import Settings

#: What a proxy answers for itself; whatever else it answers to a request is taken for Discord's answer.
_PROXY_AUTHENTICATION_REQUIRED = 407


class ProxyOptions(TypedDict):
    """Options of :class:`discord.Client`; empty for a direct connection."""

    proxy: NotRequired[str]
    proxy_auth: NotRequired[aiohttp.BasicAuth]


def build_proxy_options(settings: Settings) -> ProxyOptions:
    """Return the options for connections to Discord. The credentials of the proxy are only in ``proxy_auth``."""
    if not settings.https_proxy or _is_bypassed(settings):
        return {}
    parts = urlsplit(settings.https_proxy)
    options: ProxyOptions = {"proxy": f"http://{parts.netloc.rpartition('@')[2]}"}
    if parts.username is not None:
        options["proxy_auth"] = aiohttp.BasicAuth(
            unquote(parts.username), unquote(parts.password or ""), encoding="utf-8"
        )
    return options


def translate_proxy_error(error: BaseException) -> str:
    """Return a sentence about the proxy for an error that it caused; empty for any other error."""
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        number = error.os_error.errno
        reason = (
            os.strerror(number)
            if number is not None and number in errno.errorcode
            else str(error.os_error) or "no answer"
        )
        host = f"[{error.host}]" if ":" in error.host else error.host
        return f"The proxy {host}:{error.port} cannot be reached: check HTTPS_PROXY ({reason})."
    is_refusal = isinstance(error, aiohttp.ClientHttpProxyError) or (
        isinstance(error, discord.HTTPException) and error.status == _PROXY_AUTHENTICATION_REQUIRED
    )
    if is_refusal:
        return (
            f"The proxy refused the connection to Discord with status {getattr(error, 'status', 0)}: check HTTPS_PROXY."
        )
    return ""


def _is_bypassed(settings: Settings) -> bool:
    """Return whether NO_PROXY names the host of Discord's API: the host, a domain that it is in, a network, or ``*``."""
    url = urlsplit(settings.discord_api_url or Route.BASE)
    host, port = (url.hostname or "").rstrip("."), url.port or (443 if url.scheme == "https" else 80)
    return any(_matches(entry.strip().lower(), host, port) for entry in settings.no_proxy.split(",") if entry.strip())


def _matches(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    name = entry.removesuffix(f":{port}") if entry.count(":") == 1 or entry.startswith("[") else entry
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name.strip("[]"), strict=False)
    except ValueError:
        domain = name.lstrip("*.").rstrip(".")
        return bool(domain) and f".{host}".endswith(f".{domain}")
