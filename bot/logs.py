"""What the process writes to standard error: log lines as text or JSON, without secrets, and its errors as such lines.

A line of JSON is an object with ``time`` (UTC, ISO 8601), ``level``, ``logger`` and ``message``, and if there is one, ``exception``
(the traceback) and ``reference`` (what a user was shown of an unexpected error).
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from bot.errors import DealwireError, StoreReplaced
from bot.redaction import Redactor
from bot.settings import LogFormat

#: The longest text of a log line or of an exception, in characters.
LOG_LIMIT = 1_000
#: The longest traceback; of a longer one, the middle is left out.
_TRACEBACK_LIMIT = 20_000
_TEXT_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_PROGRAM = "bot"


class BoundedFormatter(logging.Formatter):
    """Truncates long texts from outside and removes secrets: an error may quote a whole page of a proxy, or an address with a
    token, also in a library's own log lines.
    """

    def __init__(self, redactor: Redactor | None = None) -> None:
        super().__init__(_TEXT_FORMAT)
        self._redactor = redactor or Redactor()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and below it the traceback."""
        line = self._format_head(record, self._get_message(record))
        details = (self._get_traceback(record), self._get_stack(record))
        return "\n".join([line, *(detail for detail in details if detail)])

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the base class names it
        """Truncate the messages of the exceptions, and the traceback only if it is huge."""
        text, exc = super().formatException(ei), ei[1]
        visited_ids: set[int] = set()
        while exc is not None and id(exc) not in visited_ids:
            visited_ids.add(id(exc))
            message = _get_exception_text(exc)
            if len(message) > LOG_LIMIT:
                text = text.replace(message, _truncate(self._redactor.redact(message)))
            exc = exc.__cause__ or exc.__context__
        text = self._redactor.redact(text)
        half = _TRACEBACK_LIMIT // 2
        return text if len(text) <= _TRACEBACK_LIMIT else f"{text[:half]}\n…\n{text[-half:]}"

    def _format_head(self, record: logging.LogRecord, message: str) -> str:
        time = self.formatTime(record)
        return f"{time} {record.levelname} {self._redactor.redact(record.name)}: {message}"

    def _get_message(self, record: logging.LogRecord) -> str:
        """Return the message without secrets, truncated except on debug lines."""
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - whatever the arguments raise, the line must not be lost
            message = f"{record.msg!r} (its arguments do not fit)"
        message = self._redactor.redact(message)
        return message if record.levelno <= logging.DEBUG else _truncate(message)

    def _get_traceback(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.exc_info[1] is not None:
            return self.formatException(record.exc_info)
        return self._redactor.redact(record.exc_text or "")

    def _get_stack(self, record: logging.LogRecord) -> str:
        return self._redactor.redact(record.stack_info or "")


class JsonFormatter(BoundedFormatter):
    """Writes an object in one line of ASCII, so that no encoding and no line break in a text can break it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object; what is empty is left out."""
        fields = {
            "time": _format_time(record.created),
            "level": record.levelname,
            "logger": self._redactor.redact(record.name),
            "message": self._get_message(record),
            "reference": self._redactor.redact(str(getattr(record, "reference", ""))),
            "exception": self._get_traceback(record),
            "stack": self._get_stack(record),
        }
        required = ("time", "level", "logger", "message")
        return json.dumps({name: _to_unicode(text) for name, text in fields.items() if text or name in required})


class LogHandler(logging.StreamHandler[Any]):
    """Writes to standard error; a line that cannot be formatted is replaced by one that says so."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class names it
        """Say which line failed. Nothing can be said if standard error is closed."""
        error = sys.exc_info()[1]
        if isinstance(error, OSError | ValueError) and self.stream.closed:
            return
        substitute = _build_record(logging.ERROR, f"A log line of {record.name} cannot be written.", error)
        try:
            self.stream.write(self.format(substitute) + self.terminator)
        except Exception:  # noqa: BLE001 - there is no other place to say it
            return


class LogOutput:
    """The process's log output, in one format and without the given secrets."""

    def __init__(self, log_format: LogFormat = "text", secrets: Iterable[str] = ()) -> None:
        self.configure(log_format, secrets)

    def configure(self, log_format: LogFormat, secrets: Iterable[str]) -> None:
        """Change both for all later lines."""
        self._redactor = Redactor(secrets)
        self._is_json = log_format == "json"
        self.formatter = (JsonFormatter if self._is_json else BoundedFormatter)(self._redactor)

    def start(self, level: str, *, quiet: bool) -> None:
        """Write log lines from this level on, or only warnings and errors."""
        handler = LogHandler()
        handler.setFormatter(self.formatter)
        handler.addFilter(_drop_replaced_store_errors)
        logging.basicConfig(level=logging.WARNING if quiet else level, handlers=[handler])
        if level != "DEBUG":
            for name in ("discord", "alembic", "filelock", "asyncio"):
                logging.getLogger(name).setLevel(logging.WARNING)
            # discord.py warns that voice is not supported; this bot has none.
            logging.getLogger("discord.client").addFilter(lambda record: "voice" not in record.getMessage())
            for name in ("discord.client", "discord.shard"):
                logging.getLogger(name).addFilter(_drop_reconnect_traceback)

    def install_hooks(self) -> None:
        """Also write warnings, and errors that nothing catches, as log lines."""
        logging.captureWarnings(True)
        sys.excepthook = self._on_uncaught
        sys.unraisablehook = self._on_unraisable
        threading.excepthook = self._on_thread_error

    def write_failure(self, error: DealwireError, *, as_line: bool) -> None:
        """Write the sentence with which a command fails; with ``as_line``, it is a JSON object if log lines are."""
        if as_line and self._is_json:
            self._write(logging.ERROR, str(error))
        else:
            print(f"dealwire: {self._redactor.redact(str(error))}", file=sys.stderr)

    def _on_uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._write(logging.CRITICAL, "The program ended because of an unexpected error.", error.with_traceback(trace))

    def _on_unraisable(self, event: sys.UnraisableHookArgs) -> None:
        self._write(logging.ERROR, event.err_msg or "An error was ignored during cleanup", event.exc_value)

    def _on_thread_error(self, event: threading.ExceptHookArgs) -> None:
        if event.exc_type is not SystemExit:
            self._write(logging.ERROR, "A thread ended because of an unexpected error.", event.exc_value)

    def _write(self, level: int, message: str, error: BaseException | None = None) -> None:
        if sys.stderr is not None:
            print(self.formatter.format(_build_record(level, message, error)), file=sys.stderr, flush=True)


def _build_record(level: int, message: str, error: BaseException | None) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord(_PROGRAM, level, "", 0, "%s", (message,), exc_info)


def _format_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _to_unicode(text: str) -> str:
    """Replace lone surrogates, which many JSON parsers reject."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _get_exception_text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the traceback says that the text cannot be had
        return ""


def _truncate(text: str) -> str:
    return text if len(text) <= LOG_LIMIT else " ".join(text[:LOG_LIMIT].split()) + "…"


def _drop_replaced_store_errors(record: logging.LogRecord) -> bool:
    """Drop lines about a replaced store file: everything fails then, and the process ends with one sentence about it."""
    causes = [*(record.args if isinstance(record.args, tuple) else ()), record.exc_info and record.exc_info[1]]
    return not any(isinstance(cause, StoreReplaced) for cause in causes)


def _drop_reconnect_traceback(record: logging.LogRecord) -> bool:
    """Replace the traceback of a reconnect by the reason: that Discord is unreachable for a while is no bug."""
    if record.exc_info and record.getMessage().startswith("Attempting a reconnect"):
        record.msg, record.args = f"{record.getMessage()}: {record.exc_info[1]}", ()
        record.exc_info = None
    return True
