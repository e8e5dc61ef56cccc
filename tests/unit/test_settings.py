"""The settings: every bad value is refused by its name, and what is not set has a default that works."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import SETTINGS, Settings, describe_env_file, find_env_file, load_settings, read_environment
from bot.store import open_store

NAMES = [name for name, _, _ in SETTINGS]
CANARY = "Canary4711"


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Return an environment in which no setting is set."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


PROXY_EXPECTED = "expected the http:// URL of a proxy, such as http://user:password@proxy.example:3128"
PROXY_ESCAPED = "; special characters in the password are escaped as in %40"

BAD = [
    ("COMMAND_PREFIX", "toolong", "expected up to 5 visible characters, not beginning with /, not 'toolong'"),
    ("COMMAND_PREFIX", "/", "expected up to 5 visible characters, not beginning with /, not '/'"),
    ("COMMAND_PREFIX", "a b", "expected up to 5 visible characters, not beginning with /, not 'a b'"),
    ("COMMAND_PREFIX", "!\u200b", "expected up to 5 visible characters, not beginning with /, not '!\\u200b'"),
    ("SEEDS", "no/such/folder", "expected a folder of story files, 'no/such/folder' is none"),
    ("SEEDS", "~nobody-of-that-name/x", "expected a folder of story files, '~nobody-of-that-name/x' is none"),
    ("DESK_GUILD_ID", "my server", "expected a server's id (a long number), not 'my server'"),
    ("DESK_GUILD_ID", "0", "expected a server's id (a long number), not '0'"),
    ("DESK_GUILD_ID", "-1", "expected a server's id (a long number), not '-1'"),
    ("DESK_GUILD_ID", "9223372036854775808", "expected a server's id (a long number), not '9223372036854775808'"),
    ("HTTP_PORT", "0", "expected a port from 1 to 65535, or nothing, not '0'"),
    ("HTTP_PORT", "65536", "expected a port from 1 to 65535, or nothing, not '65536'"),
    ("HTTP_PORT", "off", "expected a port from 1 to 65535, or nothing, not 'off'"),
    ("HTTP_PORT", "-80", "expected a port from 1 to 65535, or nothing, not '-80'"),
    ("HTTP_HOST", "http://0.0.0.0", "expected an address such as 127.0.0.1, ::1 or 0.0.0.0, not 'http://0.0.0.0'"),
    ("HTTP_HOST", "127.0.0.1:80", "expected an address such as 127.0.0.1, ::1 or 0.0.0.0, not '127.0.0.1:80'"),
    ("HTTP_HOST", "*", "expected an address such as 127.0.0.1, ::1 or 0.0.0.0, not '*'"),
    ("HTTP_HOST", "127.1", "expected an address such as 127.0.0.1, ::1 or 0.0.0.0, not '127.1'"),
    ("DESK_ROLE_ID", "@editors", "expected a role's id (a long number), not '@editors'"),
    ("TIMEZONE", "Berlin", "expected a time zone such as Europe/Berlin, not 'Berlin'"),
    ("TIMEZONE", "../../etc/passwd", "expected a time zone such as Europe/Berlin, not '../../etc/passwd'"),
    ("TIMEZONE", "Europe", "expected a time zone such as Europe/Berlin, not 'Europe'"),
    ("LOG_LEVEL", "loud", "expected one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'"),
    ("DISCORD_API_URL", "localhost:9000", "expected a URL such as http://127.0.0.1:9000/api/v10, not 'localhost:9000'"),
    ("DISCORD_API_URL", "ftp://a/b", "expected a URL such as http://127.0.0.1:9000/api/v10, not 'ftp://a/b'"),
    ("DISCORD_API_URL", "http://a:port", "expected a URL such as http://127.0.0.1:9000/api/v10, not 'http://a:port'"),
    ("DISCORD_API_URL", "http://", "expected a URL such as http://127.0.0.1:9000/api/v10, not 'http:'"),
    ("REQUESTS_PER_SECOND", "0", "0 leaves Discord's limit to a proxy, so DISCORD_API_URL must be the proxy's address"),
    ("REQUESTS_PER_SECOND", "0.5", "expected a number from 1 to 50, or 0 with a proxy, not '0.5'"),
    ("REQUESTS_PER_SECOND", "-1", "expected a number from 1 to 50, or 0 with a proxy, not '-1'"),
    ("REQUESTS_PER_SECOND", "51", "expected a number from 1 to 50, or 0 with a proxy, not '51'"),
    ("REQUESTS_PER_SECOND", "nan", "expected a number from 1 to 50, or 0 with a proxy, not 'nan'"),
    ("REQUESTS_PER_SECOND", "many", "expected a number from 1 to 50, or 0 with a proxy, not 'many'"),
    ("FEED_ALLOW", "http://intranet", "expected hosts such as intranet,10.0.0.5, not 'http://intranet'"),
    ("FEED_ALLOW", "intranet:8080", "expected hosts such as intranet,10.0.0.5, not 'intranet:8080'"),
    ("FEED_ALLOW", "a,10.0.0", "expected hosts such as intranet,10.0.0.5, not '10.0.0'"),
    ("FEED_ALLOW", "a b", "expected hosts such as intranet,10.0.0.5, not 'a b'"),
    *(
        (
            "CONTACT_URL",
            text,
            f"expected an address such as https://example.org/bot or mailto:me@example.org, not {text!r}",
        )
        for text in (
            "example.org",
            "ftp://example.org",
            "https://",
            "https://example.org/a b",
            "https://example.org/(bot)",
            "https://example.org/\u00e4",
            "https://example.org:port",
            "mailto:me",
            "mailto:@",
        )
    ),
    (
        "CONTACT_URL",
        "https://me:secret@example.org",
        "expected an address such as https://example.org/bot or mailto:me@example.org, not 'https://[redacted]@example.org'",
    ),
    ("DISCORD_API_URL", "https://me:secret@a/api", "expected a URL without a user name and password"),
    ("LOG_FORMAT", "xml", "expected text or json, not 'xml'"),
    ("HTTP_PORT", "abc", "expected a port from 1 to 65535, or nothing, not 'abc'"),
    ("HTTP_PORT", "9464.0", "expected a port from 1 to 65535, or nothing, not '9464.0'"),
    *(
        (
            "HTTPS_PROXY",
            value,
            f"{PROXY_EXPECTED}{'; SOCKS is not supported' * value.startswith('socks')}{PROXY_ESCAPED}",
        )
        for value in (
            "proxy.example:3128",
            "https://proxy.example",
            "socks5://me:secret@proxy.example",
            "http://",
            "http://proxy.example:port",
            "http://me:se/cret@proxy.example",
            "http://me:se#cret@proxy.example",
            "http://proxy.example/path",
            "http://a%3Ab:secret@proxy.example",
        )
    ),
    ("SHARD_COUNT", "0", "expected a number from 1 to 10000, not '0'"),
    ("SHARD_COUNT", "2.5", "expected a number from 1 to 10000, not '2.5'"),
    ("SHARD_COUNT", "9" * 5_000, f"expected a number from 1 to 10000, not '{'9' * 40}'"),
    ("SHARD_IDS", "0,1", "expected numbers below SHARD_COUNT, such as 0,1, not '0,1'"),
]


@pytest.mark.parametrize(("name", "value", "said"), BAD, ids=lambda part: str(part)[:30])
def test_a_bad_value_is_refused_by_name(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({name: value})
    assert refused.value.setting == name
    assert str(refused.value) == f"{name}: {said}"


@pytest.mark.parametrize(
    "url",
    ["stories.db", "sqlite://", "sqlite:///:memory:", "sqlite://host:port/x", "mysql://a/b"],
)
async def test_a_database_that_is_none_of_ours_is_refused_by_name(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: expected a URL such as sqlite:///data/dealwire\.db$"):
        async with open_store(load_settings({"DATABASE_URL": url}).database_url):
            pass


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///{}/c?d.db", "sqlite:///{}/a%41b.db", "sqlite:///{}/x.db?mode=ro", "sqlite:///file:{}/x.db?uri=true",
        "sqlite://me:secret@/{}/x.db", "sqlite+pysqlcipher:///{}/x.db", "sqlite:///{}/a\nb.db", "sqlite:///{}/a\0b.db",
        "sqlite:///~nobody-of-that-name/x.db",
    ],
)  # fmt: skip
async def test_a_path_that_would_be_read_as_another_is_refused(url: str, tmp_path: Path) -> None:
    """SQLAlchemy cuts at “?”, decodes escapes and passes over the rest: nothing is made under any name."""
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: expected a URL such as sqlite:///data/dealwire\.db"):
        async with open_store(load_settings({}, database=url.format(tmp_path)).database_url):
            pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["a b.db", "100%.db", "#1.db", "ä日.db", "a&b=c.db", "a;b,c:d.db", "a%zz.db", "[x].db"]
)
async def test_any_other_path_is_taken_literally(name: str, tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path}/{name}") as store:
        assert Path(store.name) == tmp_path / name
    assert sorted(path.name for path in tmp_path.iterdir()) == [name, f"{name}.lock"]


async def test_a_path_may_begin_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As SEEDS may."""
    monkeypatch.setenv("HOME", str(tmp_path))
    async with open_store("sqlite:///~/dealwire.db"):
        assert (tmp_path / "dealwire.db").exists()


@pytest.mark.parametrize("ids", ["2", "0,x", "-1", "0,,1", "9" * 5_000])
def test_shards_that_do_not_exist_are_refused(ids: str) -> None:
    with pytest.raises(SettingsError, match=r"^SHARD_IDS: expected numbers below SHARD_COUNT"):
        load_settings({"SHARD_COUNT": "2", "SHARD_IDS": ids})


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.text(max_size=30) | st.integers().map(str) | st.floats().map(str))
@example("SEEDS", "x" * 5_000)
@example("SEEDS", "a\x00b")
@example("TIMEZONE", "\ud800")
@example("DESK_GUILD_ID", "٣")
def test_any_value_is_either_taken_or_refused_by_name(name: str, value: str) -> None:
    """No value ends in a traceback."""
    refused = None
    try:
        load_settings({name: value})
    except SettingsError as exc:
        refused = exc
    assert refused is None or refused.setting == name
    assert refused is None or str(refused).startswith(f"{name}: expected ")
    assert "\n" not in str(refused)


def test_the_defaults_run_a_bot_on_a_file_with_the_seeds() -> None:
    known = load_settings({})
    assert known.database_url == "sqlite:///data/dealwire.db"
    assert known.command_prefix == "!"
    assert known.seeds is not None
    assert (known.seeds / "companies.toml").exists()
    assert known.timezone == ZoneInfo("UTC")
    assert (known.log_level, known.requests_per_second) == ("INFO", 45.0)
    assert (known.desk_guild_id, known.desk_role_id, known.shard_count, known.shard_ids) == (None, None, None, ())
    assert (known.discord_token, known.discord_api_url) == ("", "")


def test_the_defaults_are_those_that_the_list_of_settings_shows() -> None:
    """The reference of settings prints this list."""
    shown = {name: default for name, default, _ in SETTINGS if default}
    assert load_settings(shown) == load_settings({})
    assert {name.lower() for name in NAMES} == set(Settings.__dataclass_fields__)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "SEEDS"])
def test_a_setting_that_is_set_empty_is_not_set(name: str) -> None:
    assert load_settings({name: "  "}) == load_settings({})


def test_empty_seeds_mean_none() -> None:
    assert load_settings({"SEEDS": ""}).seeds is None


def test_values_are_read_as_what_they_mean(tmp_path: Path) -> None:
    known = load_settings(
        {
            "DISCORD_TOKEN": " token \n",
            "COMMAND_PREFIX": "dw!",
            "SEEDS": str(tmp_path),
            "DESK_GUILD_ID": "1234567890123456789",
            "TIMEZONE": "Europe/Berlin",
            "LOG_LEVEL": "debug",
            "DISCORD_API_URL": "http://127.0.0.1:9000/api/v10/",
            "REQUESTS_PER_SECOND": "12.5",
            "FEED_ALLOW": "intranet, [::1],10.0.0.5, intranet",
            "CONTACT_URL": " https://example.org/bot?lang=en#us ",
            "SHARD_COUNT": "4",
            "SHARD_IDS": "0, 3,3",
        }
    )
    assert (known.discord_token, known.command_prefix, known.seeds) == ("token", "dw!", tmp_path)
    assert (known.desk_guild_id, known.timezone.key, known.log_level) == (1234567890123456789, "Europe/Berlin", "DEBUG")
    assert (known.discord_api_url, known.requests_per_second) == ("http://127.0.0.1:9000/api/v10", 12.5)
    assert known.feed_allow == ("intranet", "[::1]", "10.0.0.5")
    assert known.contact_url == "https://example.org/bot?lang=en#us"
    assert (known.shard_count, known.shard_ids) == (4, (0, 3))


@pytest.mark.parametrize(
    "text", ["https://example.org", "http://[::1]:8080/", "mailto:desk+bot@example.org?subject=Hi"]
)
def test_a_page_or_a_mailbox_is_a_contact(text: str) -> None:
    assert load_settings({"CONTACT_URL": text}).contact_url == text


def test_the_command_lines_database_wins() -> None:
    known = load_settings({"DATABASE_URL": "sqlite:///env.db"}, database="sqlite:///line.db")
    assert known.database_url == "sqlite:///line.db"


@pytest.mark.parametrize(
    "value", [f"{'M' * 24}.Gabcde.{CANARY * 3}", f"http://me:{CANARY * 3}@host/?a", f"me:{CANARY * 3}@host.example/a"]
)
def test_a_secret_in_a_wrong_setting_is_not_shown(value: str) -> None:
    """Whichever it was put into by mistake: neither the whole nor the beginning."""
    for name in NAMES:
        assert CANARY not in find_refusal(name, value), name


def find_refusal(name: str, value: str) -> str:
    """Return why a setting is refused; empty if it is not."""
    try:
        load_settings({"SHARD_COUNT": "1", name: value})
    except SettingsError as exc:
        return str(exc)
    return ""


def test_the_token_is_shown_nowhere() -> None:
    """Settings end up in logs and tracebacks; the token does not."""
    assert "secret" not in repr(load_settings({"DISCORD_TOKEN": "secret"}))


def test_the_environment_wins_over_the_file(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COMMAND_PREFIX=?\nLOG_LEVEL=DEBUG\nDISCORD_TOKEN='a$b${c}'\nEMPTY\n")
    bare_environment.setenv("COMMAND_PREFIX", "%")
    read = read_environment(tmp_path)
    assert (read["COMMAND_PREFIX"], read["LOG_LEVEL"]) == ("%", "DEBUG")
    assert read["DISCORD_TOKEN"] == "a$b${c}", "a token is taken as it stands"
    assert "EMPTY" not in read


def test_an_empty_value_in_the_environment_wins_too(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who unsets the seeds for one start is not given those of the file."""
    (tmp_path / ".env").write_text("SEEDS=elsewhere\n")
    bare_environment.setenv("SEEDS", "")
    assert load_settings(read_environment(tmp_path)).seeds is None


def test_without_a_file_the_environment_is_all(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare_environment.setenv("TIMEZONE", "Asia/Tokyo")
    assert load_settings(read_environment(tmp_path)).timezone == ZoneInfo("Asia/Tokyo")


def test_the_file_is_looked_for_where_the_bot_is_started(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=ERROR\n")
    bare_environment.chdir(tmp_path)
    assert load_settings(read_environment()).log_level == "ERROR"


def test_a_file_that_cannot_be_read_is_named(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"^\.env: cannot be read: "):
        read_environment(tmp_path)


def test_a_foreign_file_is_not_read_and_why_is_said(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another project's, into whose folder a command was started, as it shows by a name that we do not have."""
    (tmp_path / ".env").write_text(
        "DISCORD_TOKEN=theirs\nOPENAI_KEY=x\nEMBEDDINGS=os:abort\nDATABASE_URL=postgres://x\n"
    )
    known = load_settings(read_environment(tmp_path))
    assert (known.discord_token, known.embeddings, known.database_url) == ("", "", "sqlite:///data/dealwire.db")
    said = describe_env_file(find_env_file(tmp_path))
    assert said.startswith(f"{tmp_path}/.env is not read, because it belongs to another project: it sets 'OPENAI_KEY'")


def test_nothing_is_said_of_a_file_that_has_nothing_of_ours(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert describe_env_file(find_env_file(tmp_path)) == ""
    (tmp_path / ".env").write_text("OPENAI_KEY=x\n")
    assert describe_env_file(find_env_file(tmp_path)) == ""


def test_a_file_with_our_settings_alone_is_read_and_named(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An operator's, in the folder of the service. A byte order mark and Windows' line ends do no harm."""
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfDISCORD_TOKEN=ours\r\nSEEDS=\r\nHALF\r\n")
    assert load_settings(read_environment(tmp_path)).discord_token == "ours"
    said = describe_env_file(find_env_file(tmp_path))
    assert said == f"Settings are read from the environment and from {tmp_path}/.env."


@pytest.mark.parametrize("beside", ["", "DISCORD_TOKEN=another\n"])
def test_a_token_of_the_environment_goes_to_no_address_of_a_file(
    beside: str, bare_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(f"{beside}DISCORD_API_URL=http://127.0.0.1:1/api\n")
    bare_environment.setenv("DISCORD_TOKEN", "secret")
    with pytest.raises(
        SettingsError, match=r"^DISCORD_API_URL: .* a token is not sent to an address from a file"
    ) as no:
        read_environment(tmp_path)
    assert "secret" not in str(no.value)


def test_token_and_address_of_one_place_are_taken(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both of the file; or the address of the environment; or the same token in both."""
    (tmp_path / ".env").write_text("DISCORD_TOKEN=ours\nDISCORD_API_URL=http://127.0.0.1:1/api\n")
    assert read_environment(tmp_path)["DISCORD_API_URL"] == "http://127.0.0.1:1/api"
    bare_environment.setenv("DISCORD_TOKEN", "ours")
    assert read_environment(tmp_path)["DISCORD_API_URL"] == "http://127.0.0.1:1/api"
    bare_environment.setenv("DISCORD_TOKEN", "secret")
    bare_environment.setenv("DISCORD_API_URL", "http://127.0.0.1:2/api")
    assert read_environment(tmp_path)["DISCORD_API_URL"] == "http://127.0.0.1:2/api"
    bare_environment.setenv("DISCORD_API_URL", "")
    assert read_environment(tmp_path)["DISCORD_API_URL"] == ""


def test_code_to_run_is_taken_from_the_environment_alone(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("EMBEDDINGS=os:abort\n")
    with pytest.raises(SettingsError, match=r"^EMBEDDINGS: .*\.env names code to run; set that in the environment"):
        read_environment(tmp_path)
    bare_environment.setenv("EMBEDDINGS", "none")
    assert read_environment(tmp_path)["EMBEDDINGS"] == "none"
    (tmp_path / ".env").write_text("EMBEDDINGS=none\n")
    bare_environment.delenv("EMBEDDINGS")
    assert read_environment(tmp_path)["EMBEDDINGS"] == "none"


def test_beside_the_source_the_file_may_set_anything(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can write there can change the program too. A token still goes to no other place unasked."""
    monkeypatch.setattr("bot.env_file._SOURCE_FOLDER", tmp_path.resolve())
    (tmp_path / ".env").write_text("TZ=Europe/Berlin\nEMBEDDINGS=os:getcwd\nDISCORD_API_URL=http://127.0.0.1:1/api\n")
    assert read_environment(tmp_path)["EMBEDDINGS"] == "os:getcwd"
    bare_environment.setenv("DISCORD_TOKEN", "secret")
    with pytest.raises(SettingsError, match="DISCORD_API_URL"):
        read_environment(tmp_path)


def make_folder(path: Path) -> None:
    path.mkdir()


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10_000_000_000)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (make_pipe, "it is a named pipe, not a regular file"),
        (make_device, "it is a device, not a regular file"),
        (make_huge, "has more than 100,000 bytes"),
    ],
)
def test_a_file_that_is_none_is_not_waited_for(
    make: Callable[[Path], None], said: str, bare_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make(tmp_path / ".env")
    with pytest.raises(SettingsError, match=rf"^\.env: cannot be read: .*{said}$"):
        read_environment(tmp_path)


def test_a_virtual_environment_of_that_name_is_no_file(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_folder(tmp_path / ".env")
    assert load_settings(read_environment(tmp_path)) == load_settings({})


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_the_proxy_is_read_in_either_case(name: str, bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare_environment.setenv(name, "http://me:secret@proxy.example:3128")
    settings = load_settings(read_environment(tmp_path))
    assert settings.https_proxy == "http://me:secret@proxy.example:3128"
    assert "secret" not in repr(settings)


def test_the_environment_wins_in_lower_case_too(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HTTPS_PROXY=http://file.example\n")
    bare_environment.setenv("https_proxy", "http://environment.example")
    assert load_settings(read_environment(tmp_path)).https_proxy == "http://environment.example"


def test_a_proxy_from_a_file_does_not_see_the_token(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Over https:// it does not, so there the file may set it."""
    (tmp_path / ".env").write_text("https_proxy=http://file.example\n")
    bare_environment.setenv("DISCORD_TOKEN", "token")
    assert load_settings(read_environment(tmp_path)).https_proxy == "http://file.example"
    bare_environment.setenv("DISCORD_API_URL", "http://discord.example/api/v10")
    with pytest.raises(SettingsError, match=r"^HTTPS_PROXY: "):
        read_environment(tmp_path)


@pytest.mark.parametrize("rate", ["0", "0.0", "-0"])
def test_a_proxy_may_keep_the_limit(rate: str) -> None:
    settings = load_settings({"DISCORD_API_URL": "http://127.0.0.1:8080/api/v10", "REQUESTS_PER_SECOND": rate})
    assert settings.requests_per_second == 0
