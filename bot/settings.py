"""The settings, from the environment and ``.env``: read once, never changed, passed on."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from bot.env_file import EnvFile, check_env_file_trust, read_env_file
from bot.errors import SettingsError
from bot.redaction import find_passwords, redact_address

#: Host names only: numeric addresses are parsed as such, and no spelling of a number is a name.
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?!.*[.]?[0-9]+[.]?\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?([.][a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*[.]?",
    re.IGNORECASE,
)
#: The user agent has the contact address in a comment, which ends at a bracket and escapes with a backslash
#: (https://www.rfc-editor.org/rfc/rfc9110#name-comments). Discord's links end at an angle bracket.
_CONTACT_CHARACTERS = re.compile(r"[!#-\'*-;=?-\[\]-~]{1,200}")
_MAILBOX = re.compile(r"[^@]+@[^@]+")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LogFormat = Literal["text", "json"]
#: Settings that other programs read too, often in lower case.
_LOWER_CASE_SETTINGS = ("HTTPS_PROXY", "NO_PROXY")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings; each field is the variable of that name in capitals.

    ``seeds`` is None if it is set to nothing. Ids are 0 and texts empty if they are not set.
    """

    discord_token: str = field(default="", repr=False)
    database_url: str = field(default="sqlite:///data/dealwire.db", repr=False)
    command_prefix: str = "!"
    seeds: Path | None = None
    desk_guild_id: int | None = None
    desk_role_id: int | None = None
    desk_channel_id: int | None = None
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    log_level: str = "INFO"
    log_format: LogFormat = "text"
    embeddings: str = ""
    discord_api_url: str = ""
    https_proxy: str = field(default="", repr=False)
    no_proxy: str = ""
    requests_per_second: float = 45.0
    feed_allow: tuple[str, ...] = ()
    feed_block: tuple[str, ...] = ()
    feeds_per_server: int = 25
    feeds_per_user: int = 5
    feeds_in_all: int = 2_000
    contact_url: str = ""
    shard_count: int | None = None
    shard_ids: tuple[int, ...] = ()
    http_port: int | None = None
    http_host: str = "127.0.0.1"


#: The settings as the reference lists them: name, default, meaning.
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("DISCORD_TOKEN", "", "the bot's token; `run` and `check` need it"),
    (
        "DATABASE_URL",
        "sqlite:///data/dealwire.db",
        "the database with all stories, follows and posts; `postgresql://user@host/database` needs the extra `postgres`",
    ),
    ("COMMAND_PREFIX", "!", "what typed commands start with, up to 5 characters"),
    (
        "SEEDS",
        "seeds",
        "folder of story files: an empty database starts with them, and stories that nobody has edited are updated from them; leave it empty for none",
    ),
    (
        "DESK_GUILD_ID",
        "",
        "id of the desk's server (default: the only server that the bot is in, if it has one shard)",
    ),
    ("DESK_ROLE_ID", "", "id of the role whose members are the desk (default: members with Manage Server)"),
    (
        "DESK_CHANNEL_ID",
        "",
        "id of the channel in which the desk reviews articles (default: none, only `/desk queue`)",
    ),
    ("TIMEZONE", "UTC", "time zone of the desk's “today”, such as Europe/Berlin"),
    (
        "EMBEDDINGS",
        "",
        "what compares the meaning of articles: `e5`, `none` or module:callable (default: e5, if installed)",
    ),
    ("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
    ("LOG_FORMAT", "text", "`text` or `json`: one JSON object per line"),
    ("DISCORD_API_URL", "", "REST base of a proxy or a local Discord, such as http://127.0.0.1:9000/api/v10"),
    (
        "HTTPS_PROXY",
        "",
        "HTTP proxy for Discord, such as http://user:password@proxy.example:3128; feeds do not use it (also read as `https_proxy`)",
    ),
    (
        "NO_PROXY",
        "",
        "hosts that HTTPS_PROXY is not used for, such as 127.0.0.1,.example.com; matters only with DISCORD_API_URL (also `no_proxy`)",
    ),
    (
        "REQUESTS_PER_SECOND",
        "45",
        "maximum requests per second to Discord, 1 to 50; 0 leaves the limit to the proxy that `DISCORD_API_URL` names",
    ),
    (
        "FEED_ALLOW",
        "",
        "hosts on private addresses that feeds may use, such as intranet,10.0.0.5; every server can follow feeds there",
    ),
    ("FEED_BLOCK", "", "hosts from which nothing is fetched, including their subdomains, such as example.com"),
    ("FEEDS_PER_SERVER", "25", "how many feeds a server may follow by itself; 0: none"),
    ("FEEDS_PER_USER", "5", "how many feeds a person may follow by DM; 0: none"),
    ("FEEDS_IN_ALL", "2000", "how many feeds all servers and people may follow together"),
    (
        "CONTACT_URL",
        "",
        "page or mailto: address of the bot's operator, shown to publishers (in the user agent) and users (in `help`)",
    ),
    ("SHARD_COUNT", "", "number of shards (default: what Discord recommends)"),
    ("SHARD_IDS", "", "shards that this process runs, such as 0,1; needs SHARD_COUNT"),
    ("HTTP_PORT", "", "port of the pages `/healthz` and `/metrics`, 1 to 65535 (default: none, they are off)"),
    (
        "HTTP_HOST",
        "127.0.0.1",
        "address on which `HTTP_PORT` listens; anyone who can reach another address than this machine's own can read the pages",
    ),
)


def read_environment(folder: Path | None = None) -> dict[str, str]:
    """Return the environment together with ``.env`` of a folder (by default the working folder), if that file is Dealwire's.

    The environment wins. Raises SettingsError if the file cannot be read, or if it sets what a file may not.
    """
    file = find_env_file(folder)
    if file is None or file.foreign_names:
        return _capitalize(os.environ)
    check_env_file_trust(file, os.environ)
    return {**_capitalize(file.values), **_capitalize(os.environ)}


def _capitalize(env: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which ``https_proxy`` is HTTPS_PROXY, unless that is set too."""
    return {**{name: env[name.lower()] for name in _LOWER_CASE_SETTINGS if name.lower() in env}, **env}


def find_env_file(folder: Path | None = None) -> EnvFile | None:
    """Read the ``.env`` of a folder, by default the working folder, whosever it is; return None if there is none."""
    names = [name for name, _, _ in SETTINGS]
    return read_env_file(folder or Path(), [*names, *(name.lower() for name in _LOWER_CASE_SETTINGS)])


def get_log_format(env: Mapping[str, str] | None = None) -> LogFormat:
    """Return the format for errors before all settings are valid, from the process's environment if none is given."""
    return "json" if _get_value(os.environ if env is None else env, "LOG_FORMAT").lower() == "json" else "text"


def list_secrets(env: Mapping[str, str], *addresses: str | None) -> list[str]:
    """Return what may not be shown of an environment: the token, and the passwords in its settings and these addresses."""
    names = [name for name, _, _ in SETTINGS]
    values = [*(env.get(name, "") for name in names), *(address for address in addresses if address)]
    return [_get_value(env, "DISCORD_TOKEN"), *(password for value in values for password in find_passwords(value))]


def describe_env_file(file: EnvFile | None) -> str:
    """Return a sentence on which file the settings come from, or why a file is ignored; empty if it does not matter."""
    if file is None:
        return ""
    if not file.foreign_names:
        return f"Settings are read from the environment and from {file.path}."
    if not any(name in file.values and name not in os.environ for name, _, _ in SETTINGS):
        return ""
    return (
        f"{file.path} is not read, because it belongs to another project: it sets {file.foreign_names[0][:40]!r}, which is not a"
        " setting of Dealwire. Put Dealwire's settings into the environment, or into a .env with only those."
    )


def load_settings(env: Mapping[str, str], *, database: str | None = None) -> Settings:
    """Return the settings of an environment; ``database`` from the command line wins.

    Raises SettingsError, with the setting's name, for the first bad value.
    """
    shard_count = _parse_number(env, "SHARD_COUNT", "a number from 1 to 10000", 1, 10_000)
    return Settings(
        discord_token=env.get("DISCORD_TOKEN", "").strip(),
        database_url=database or env.get("DATABASE_URL", "").strip() or "sqlite:///data/dealwire.db",
        command_prefix=_parse_prefix(env),
        seeds=_find_seeds(env),
        desk_guild_id=_parse_number(env, "DESK_GUILD_ID", "a server's id (a long number)", 1, 2**63 - 1),
        desk_role_id=_parse_number(env, "DESK_ROLE_ID", "a role's id (a long number)", 1, 2**63 - 1),
        desk_channel_id=_parse_number(env, "DESK_CHANNEL_ID", "a channel's id (a long number)", 1, 2**63 - 1),
        timezone=_parse_timezone(env),
        embeddings=_get_value(env, "EMBEDDINGS"),
        log_level=_parse_log_level(env),
        log_format=_parse_log_format(env),
        discord_api_url=_parse_api_url(env),
        https_proxy=_parse_proxy(_capitalize(env)),
        no_proxy=_get_value(_capitalize(env), "NO_PROXY"),
        requests_per_second=_parse_rate(env),
        feed_allow=_parse_hosts(env, "FEED_ALLOW", "intranet,10.0.0.5"),
        feed_block=_parse_hosts(env, "FEED_BLOCK", "example.com,tracker.example"),
        feeds_per_server=_parse_limit(env, "FEEDS_PER_SERVER", 25),
        feeds_per_user=_parse_limit(env, "FEEDS_PER_USER", 5),
        feeds_in_all=_parse_limit(env, "FEEDS_IN_ALL", 2_000),
        contact_url=_parse_contact_url(env),
        shard_count=shard_count,
        shard_ids=_parse_shard_ids(env, shard_count),
        http_port=_parse_number(env, "HTTP_PORT", "a port from 1 to 65535, or nothing", 1, 65_535),
        http_host=_parse_http_host(env),
    )


def _get_value(env: Mapping[str, str], name: str) -> str:
    return env.get(name, "").strip()


def _quote(text: str, limit: int = 40) -> str:
    """Return a refused value for its sentence. A value of another setting may be there by mistake, so no secret is shown."""
    return repr(redact_address(text[:2_000])[:limit])


def _parse_number(env: Mapping[str, str], name: str, expected: str, minimum: int, maximum: int) -> int | None:
    text = _get_value(env, name)
    if not text:
        return None
    if not _is_number(text) or not minimum <= int(text) <= maximum:
        raise SettingsError(name, f"expected {expected}, not {_quote(text)}")
    return int(text)


def _is_number(text: str) -> bool:
    # Python refuses to parse numbers of thousands of digits
    # (https://docs.python.org/3/library/stdtypes.html#int-max-str-digits); no id is longer than 20.
    return text.isascii() and text.isdigit() and len(text) <= 20


def _parse_prefix(env: Mapping[str, str]) -> str:
    text = _get_value(env, "COMMAND_PREFIX") or "!"
    if (
        len(text) > 5
        or any(character.isspace() or not character.isprintable() for character in text)
        or text.startswith("/")
    ):
        raise SettingsError(
            "COMMAND_PREFIX", f"expected up to 5 visible characters, not beginning with /, not {_quote(text)}"
        )
    return text


def _find_seeds(env: Mapping[str, str]) -> Path | None:
    if "SEEDS" in env and not _get_value(env, "SEEDS"):
        return None
    if "SEEDS" in env:
        return _parse_folder(env["SEEDS"].strip())
    source_seeds = Path(__file__).parent.parent / "seeds"
    installed_seeds = Path(sys.prefix) / "share" / "dealwire" / "seeds"
    return next((folder for folder in (Path("seeds"), source_seeds, installed_seeds) if folder.is_dir()), None)


def _parse_folder(text: str) -> Path:
    expected = f"expected a folder of story files, {_quote(text, 200)} is none"
    try:
        folder = Path(text).expanduser()
        if folder.is_dir():
            return folder
    except (OSError, RuntimeError) as exc:
        # There is no user of that name, no permission, or the path is too long for the file system.
        raise SettingsError("SEEDS", expected) from exc
    raise SettingsError("SEEDS", expected)


def _parse_timezone(env: Mapping[str, str]) -> ZoneInfo:
    text = _get_value(env, "TIMEZONE") or "UTC"
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, LookupError) as exc:
        raise SettingsError("TIMEZONE", f"expected a time zone such as Europe/Berlin, not {_quote(text)}") from exc


def _parse_log_level(env: Mapping[str, str]) -> str:
    text = (_get_value(env, "LOG_LEVEL") or "INFO").upper()
    if text not in LOG_LEVELS:
        raise SettingsError("LOG_LEVEL", f"expected one of {', '.join(LOG_LEVELS)}, not {_quote(text)}")
    return text


def _parse_log_format(env: Mapping[str, str]) -> LogFormat:
    text = (_get_value(env, "LOG_FORMAT") or "text").lower()
    if text not in ("text", "json"):
        raise SettingsError("LOG_FORMAT", f"expected text or json, not {_quote(text)}")
    return get_log_format(env)


def _parse_api_url(env: Mapping[str, str]) -> str:
    text = _get_value(env, "DISCORD_API_URL").rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise SettingsError(
            "DISCORD_API_URL", f"expected a URL such as http://127.0.0.1:9000/api/v10, not {_quote(text, 80)}"
        )
    if "@" in parts.netloc:
        # Requests to Discord have an Authorization header already.
        raise SettingsError("DISCORD_API_URL", "expected a URL without a user name and password")
    return text


def _parse_proxy(env: Mapping[str, str]) -> str:
    text = _get_value(env, "HTTPS_PROXY")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_valid = _is_host(parts.hostname or "") and (parts.port or 1) > 0 and parts.path in ("", "/")
        user = unquote(parts.username or "")
    except ValueError:
        is_valid, user = False, ""
    if not is_valid or parts.scheme != "http" or parts.query or parts.fragment or ":" in user:
        socks = "; SOCKS is not supported" if text.lower().startswith("socks") else ""
        raise SettingsError(
            "HTTPS_PROXY",
            f"expected the http:// URL of a proxy, such as http://user:password@proxy.example:3128{socks}; special characters in"
            " the password are escaped as in %40",
        )
    return text


def _parse_contact_url(env: Mapping[str, str]) -> str:
    text = _get_value(env, "CONTACT_URL")
    if not text or _is_contact_url(text):
        return text
    raise SettingsError(
        "CONTACT_URL",
        f"expected an address such as https://example.org/bot or mailto:me@example.org, not {_quote(text, 80)}",
    )


def _is_contact_url(text: str) -> bool:
    """Return whether a text is the address of a page or a mailbox, without credentials, that fits into a header."""
    if not _CONTACT_CHARACTERS.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        has_valid_port = (parts.port or 1) > 0
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return bool(_MAILBOX.fullmatch(parts.path))
    return (
        parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and _is_host(parts.hostname or "")
        and has_valid_port
    )


def _parse_rate(env: Mapping[str, str]) -> float:
    text = _get_value(env, "REQUESTS_PER_SECOND") or "45"
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if rate == 0:
        if not _parse_api_url(env):
            raise SettingsError(
                "REQUESTS_PER_SECOND",
                "0 leaves Discord's limit to a proxy, so DISCORD_API_URL must be the proxy's address",
            )
        return 0.0
    if not 1 <= rate <= 50:
        raise SettingsError(
            "REQUESTS_PER_SECOND", f"expected a number from 1 to 50, or 0 with a proxy, not {_quote(text)}"
        )
    return rate


def _parse_limit(env: Mapping[str, str], name: str, default: int) -> int:
    number = _parse_number(env, name, "a number from 0 to 100000", 0, 100_000)
    return default if number is None else number


def _parse_hosts(env: Mapping[str, str], name: str, example: str) -> tuple[str, ...]:
    hosts = [host.strip() for host in _get_value(env, name).split(",") if host.strip()]
    for host in hosts:
        if not _is_host(host):
            raise SettingsError(name, f"expected hosts such as {example}, not {_quote(host)}")
    return tuple(dict.fromkeys(hosts))


def _is_host(text: str) -> bool:
    """Return whether a text is a host name or an address and nothing else: no scheme, no port, no path."""
    try:
        ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return bool(_HOST.fullmatch(text))
    return True


def _parse_http_host(env: Mapping[str, str]) -> str:
    text = _get_value(env, "HTTP_HOST") or "127.0.0.1"
    if not _is_host(text):
        raise SettingsError("HTTP_HOST", f"expected an address such as 127.0.0.1, ::1 or 0.0.0.0, not {_quote(text)}")
    return text.removeprefix("[").removesuffix("]")


def _parse_shard_ids(env: Mapping[str, str], shard_count: int | None) -> tuple[int, ...]:
    text = _get_value(env, "SHARD_IDS")
    if not text:
        return ()
    parts = [part.strip() for part in text.split(",")]
    if not shard_count or not all(_is_number(part) and int(part) < shard_count for part in parts):
        raise SettingsError("SHARD_IDS", f"expected numbers below SHARD_COUNT, such as 0,1, not {_quote(text)}")
    return tuple(dict.fromkeys(int(part) for part in parts))
