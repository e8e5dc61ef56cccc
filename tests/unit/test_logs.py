"""Every line of the log is one JSON object, whatever is logged, and has no secret in either format."""

from __future__ import annotations

import json
import logging
import sys
import threading
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.logs import LOG_LIMIT, BoundedFormatter, JsonFormatter, LogHandler, LogOutput
from bot.redaction import Redactor

SECRET = "canary-secret"


def record(
    message: str, *args: object, level: int = logging.INFO, error: BaseException | None = None
) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    result = logging.LogRecord("bot.app", level, "", 0, message, args, exc_info)
    result.created = 1_764_600_266.12345
    return result


def as_json(each: logging.LogRecord) -> dict[str, Any]:
    line = JsonFormatter(Redactor([SECRET])).format(each)
    assert line.isascii()
    assert len(line.splitlines()) == 1
    result = json.loads(line)
    assert isinstance(result, dict)
    return result


def raised(error: Exception) -> Exception:
    """Return the error with a traceback."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_a_line_has_time_level_logger_and_message() -> None:
    assert as_json(record("servers: %d", 3)) == {
        "time": "2025-12-01T14:44:26.123Z",
        "level": "INFO",
        "logger": "bot.app",
        "message": "servers: 3",
    }


@pytest.mark.parametrize(
    "text", ["a\nb\r\nc", "\u2028\u2029\x85\x0b\x0c\x1c", "\ud800 \udfff", "\x00\x1b[31m", '"}\n{"', "日本"]
)
def test_no_text_breaks_a_line(text: str) -> None:
    message = as_json(record("%s", text, error=raised(ValueError(text))))["message"]
    assert message == text.replace("\ud800 \udfff", "? ?")


def test_arguments_that_do_not_fit_lose_no_line() -> None:
    assert "%d" in as_json(record("%d", "x"))["message"]


def test_long_texts_are_truncated() -> None:
    fields = as_json(record("%s", "x " * 5_000, error=raised(ValueError("y " * 5_000))))
    assert len(fields["message"]) <= LOG_LIMIT + 1
    assert fields["exception"].count("y") < LOG_LIMIT
    assert fields["exception"].startswith("Traceback")
    assert len(as_json(record("%s", "x " * 2_000, level=logging.DEBUG))["message"]) == 4_000


def test_a_huge_traceback_is_cut_in_the_middle() -> None:
    group = ExceptionGroup("many", [raised(ValueError(str(number))) for number in range(500)])
    assert len(as_json(record("x", error=raised(group)))["exception"]) < 21_000


def test_errors_that_cause_each_other_end() -> None:
    first, second = ValueError("1"), ValueError("2")
    first.__cause__, second.__cause__ = second, first
    assert "ValueError" in as_json(record("x", error=first))["exception"]


@pytest.mark.parametrize("formatter", [BoundedFormatter, JsonFormatter])
def test_no_secret_is_in_message_logger_or_traceback(formatter: type[BoundedFormatter]) -> None:
    error = raised(ValueError(f"{SECRET} at https://me:other-secret@host/ {'z' * LOG_LIMIT}"))
    each = record("%s%s", "x" * (LOG_LIMIT - 5), SECRET, error=error)
    each.name = f"bot.{SECRET}"
    each.stack_info = f"stack {SECRET}"
    line = formatter(Redactor([SECRET])).format(each)
    assert "canary" not in line
    assert "other-secret" not in line


def test_a_text_line_is_as_before() -> None:
    assert BoundedFormatter().format(record("servers: %d", 3)).endswith(" INFO bot.app: servers: 3")


def test_a_line_that_cannot_be_written_is_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    handler = LogHandler()
    handler.setFormatter(JsonFormatter())
    each = record("x")
    each.created = float("nan")
    handler.handle(each)
    assert json.loads(capsys.readouterr().err)["message"] == "A log line of bot.app cannot be written."


def test_a_failure_is_a_line_only_for_a_service(capsys: pytest.CaptureFixture[str]) -> None:
    output = LogOutput("json", [SECRET])
    output.write_failure(SettingsError("X", SECRET), as_line=True)
    output.write_failure(SettingsError("X", SECRET), as_line=False)
    line, sentence = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "X: [redacted]"
    assert sentence == "dealwire: X: [redacted]"


def test_errors_that_nothing_catches_are_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    error = raised(ValueError(SECRET))
    try:
        LogOutput("json", [SECRET]).install_hooks()
        sys.excepthook(type(error), error, error.__traceback__)
        sys.unraisablehook(_Unraisable(error))  # type: ignore[arg-type]  # the real type cannot be made
        thread = threading.Thread(target=_fail)
        thread.start()
        thread.join()
    finally:
        logging.captureWarnings(False)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["level"] for line in lines] == ["CRITICAL", "ERROR", "ERROR"]
    assert all("ValueError" in line["exception"] and SECRET not in line["exception"] for line in lines)


class _Unraisable:
    def __init__(self, error: Exception) -> None:
        self.exc_type, self.exc_value, self.exc_traceback = type(error), error, error.__traceback__
        self.err_msg, self.object = None, None


def _fail() -> None:
    raise ValueError(SECRET)
