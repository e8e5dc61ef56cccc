"""Articles into stories: the event that an article tells of, the story it belongs to, and whether it tells anything new.

:class:`Tracker` is the whole of it, in memory and without I/O; ``decider`` holds the rules and the thresholds, ``telling``
what makes a re-report, ``space`` the arithmetic, ``embedding`` the port to whatever turns a text into a vector.
"""

from bot.newsroom.tracker.embedding import Embedder, find_embedder, load_embedder
from bot.newsroom.tracker.tracker import Considered, Tracker

__all__ = ["Considered", "Embedder", "Tracker", "find_embedder", "load_embedder"]
