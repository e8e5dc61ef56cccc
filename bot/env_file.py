"""The ``.env`` file of a folder: whether it belongs to Dealwire, and what it sets.

Commands run in any folder, and other projects keep settings in such files too. The file is ours if it is beside the source
of this program, or if it sets nothing but Dealwire's settings.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.regular_files import FileTooLarge, read_regular_file

SIZE_LIMIT = 100_000
_SOURCE_FOLDER = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class EnvFile:
    """The contents of the file; ``foreign_names`` are the names in it that make it another project's."""

    path: Path
    values: Mapping[str, str]
    foreign_names: tuple[str, ...] = ()
    is_beside_source: bool = False


def read_env_file(folder: Path, setting_names: Collection[str]) -> EnvFile | None:
    """Read the ``.env`` file of a folder, given the names of all settings; return None if there is none.

    Raises SettingsError if it cannot be read.
    """
    path = folder / ".env"
    try:
        if path.is_dir() or not path.exists():
            # Some projects name their virtual environment so.
            return None
        path = path.absolute()
        text = read_regular_file(path, SIZE_LIMIT).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(".env", f"cannot be read: {path}: {getattr(exc, 'strerror', None) or exc}") from exc
    except FileTooLarge as exc:
        raise SettingsError(".env", f"cannot be read: {path} has more than {SIZE_LIMIT:,} bytes") from exc
    entries = dotenv_values(stream=io.StringIO(text), interpolate=False)
    values = {name: value for name, value in entries.items() if value is not None}
    is_beside_source = path.parent.resolve() == _SOURCE_FOLDER
    foreign_names = () if is_beside_source else tuple(name for name in values if name not in setting_names)
    return EnvFile(path, values, foreign_names, is_beside_source)


def check_env_file_trust(file: EnvFile, environment: Mapping[str, str]) -> None:
    """Refuse what a file that was found by chance must not decide: where a token is sent, and which code runs.

    Raises SettingsError.
    """
    token = environment.get("DISCORD_TOKEN", "").strip()
    address = "" if "DISCORD_API_URL" in environment else file.values.get("DISCORD_API_URL", "").strip()
    if token and address and token != file.values.get("DISCORD_TOKEN", "").strip():
        raise SettingsError(
            "DISCORD_API_URL",
            f"{file.path} sets it, but DISCORD_TOKEN comes from the environment, and a token is not sent to an address"
            " from a file. Set both in the same place.",
        )
    has_proxy = any(name in file.values and name not in environment for name in ("HTTPS_PROXY", "https_proxy"))
    is_readable = environment.get("DISCORD_API_URL", "").strip().startswith("http:")
    if token and has_proxy and is_readable and token != file.values.get("DISCORD_TOKEN", "").strip():
        raise SettingsError(
            "HTTPS_PROXY",
            f"{file.path} sets it, but DISCORD_TOKEN comes from the environment, and without https:// in DISCORD_API_URL the"
            " proxy would see the token. Set both in the same place.",
        )
    code = "" if "EMBEDDINGS" in environment else file.values.get("EMBEDDINGS", "")
    if ":" in code and not file.is_beside_source:
        raise SettingsError("EMBEDDINGS", f"{file.path} names code to run; set that in the environment instead.")
