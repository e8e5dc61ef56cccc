"""What Discord answers when it refuses, in its own shape."""

from typing import Any

UNKNOWN = {
    "Application": 10002,
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "Role": 10011,
    "User": 10013,
    "Webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
    "Tag": 10087,
}


class ApiError(Exception):
    """A refusal: HTTP status, Discord's code and sentence, and for a bad form where it is bad."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.body: dict[str, Any] = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


class Impossible(Exception):
    """A test asks a person to do what Discord's own client would not let them do."""


def unknown(thing: str) -> ApiError:
    """404 with the code of the kind of thing."""
    return ApiError(404, UNKNOWN[thing], f"Unknown {thing}")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def thread_archived(status: int = 400) -> ApiError:
    """400 in an archived thread, 403 in one that is only locked."""
    return ApiError(status, 50083, "Thread is archived")


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


class FormErrors:
    """Collects what is wrong with a body, each under its path (`components.0.label`), and refuses it as a whole."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def __bool__(self) -> bool:
        return bool(self._tree)

    def add(self, path: str, code: str, message: str) -> None:
        node = self._tree
        for part in path.split(".") if path else ():
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def too_long(self, path: str, text: object, limit: int, least: int = 0) -> None:
        """Complain when the text is not between the two lengths."""
        length = len(text) if isinstance(text, str) else 0
        if length > limit:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")
        elif length < least:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {limit} in length.")

    def error(self) -> ApiError:
        return ApiError(400, 50035, "Invalid Form Body", self._tree)

    def raise_if_any(self) -> None:
        """Raise ApiError 50035 if anything was added."""
        if self._tree:
            raise self.error()


def bad_form(path: str, code: str, message: str) -> ApiError:
    """Return the refusal of a body with one error."""
    errors = FormErrors()
    errors.add(path, code, message)
    return errors.error()
