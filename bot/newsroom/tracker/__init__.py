"""Articles into stories: the event that an article tells of, the story it belongs to, and whether it tells anything new.

:class:`Tracker` is the whole of it, in memory and without I/O; ``decider`` holds the rules and the thresholds, ``telling``
what makes a re-report, ``space`` the arithmetic, ``embedding`` the port to whatever turns a text into a vector.
"""

from bot.newsroom.tracker.embedding import Embedder, find_embedder_loader, load_embedder
from bot.newsroom.tracker.tracker import PendingJudgement, Tracker

__all__ = ["Embedder", "PendingJudgement", "Tracker", "find_embedder_loader", "load_embedder"]
