"""Finding the handler of a request: one step a path segment, however many routes there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .failures import bad_form
from .posting import Upload
from .world import World


@dataclass(slots=True)
class Call:
    """A request on its way to its handler: what the path, the query and the body say."""

    world: World
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    uploads: list[Upload] = field(default_factory=list)

    def id(self, name: str) -> int:
        """Return a path parameter that is a snowflake."""
        return _snowflake(name, self.params[name])

    def query_id(self, name: str) -> int | None:
        """Return a query parameter that is a snowflake, if it is there."""
        return _snowflake(name, self.query[name]) if name in self.query else None

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a query parameter that is a number between two bounds."""
        text = self.query.get(name, str(default))
        if not text.isdigit() or not least <= int(text) <= most:
            raise bad_form(name, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")
        return int(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """A handler's answer with a status of its own; other results are answered 200, None 204."""

    status: int
    body: Any


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """A path template and what answers it. `public` routes carry their right in the path, not in a token."""

    method: str
    template: str
    handler: Handler
    public: bool = False


class Routes:
    """Collects routes; a module of handlers has one each."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def __call__(self, method: str, *templates: str, public: bool = False) -> Callable[[Handler], Handler]:
        """Register the decorated handler."""

        def register(handler: Handler) -> Handler:
            self.routes += [Route(method, template, handler, public) for template in templates]
            return handler

        return register


class _Node:
    __slots__ = ("by_method", "children", "other")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.other: _Node | None = None
        self.by_method: dict[str, tuple[Route, list[str]]] = {}


class Router:
    """All routes as a tree of path segments; a literal segment goes before a parameter."""

    def __init__(self, *tables: Routes) -> None:
        self._root = _Node()
        for table in tables:
            for route in table.routes:
                self._add(route)

    def _add(self, route: Route) -> None:
        node, names = self._root, []
        for segment in route.template.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment.strip("{}"))
                node.other = node.other or _Node()
                node = node.other
            else:
                node = node.children.setdefault(segment, _Node())
        node.by_method[route.method] = (route, names)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route of a request and its path parameters."""
        match = self._walk(self._root, path.strip("/").split("/"), 0, [])
        if match is None:
            return None
        node, values = match
        entry = node.by_method.get(method)
        return None if entry is None else (entry[0], dict(zip(entry[1], values, strict=True)))

    def _walk(self, node: _Node, segments: list[str], at: int, values: list[str]) -> tuple[_Node, list[str]] | None:
        if at == len(segments):
            return (node, values) if node.by_method else None
        child = node.children.get(segments[at])
        if child is not None:
            match = self._walk(child, segments, at + 1, values)
            if match is not None:
                return match
        if node.other is not None:
            return self._walk(node.other, segments, at + 1, [*values, segments[at]])
        return None


def _snowflake(name: str, text: str) -> int:
    if not text.isdigit():
        raise bad_form(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
    return int(text)
