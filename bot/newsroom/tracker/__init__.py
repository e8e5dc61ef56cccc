"""The tracker: it finds the event and the story of each article, and whether the article brings anything new.

:class:`Tracker` does all of it in memory, without I/O. ``decider`` has the rules and thresholds,
``re_report_classifier`` tells a re-report from news, ``similarity`` compares a text with groups of texts, and
``embedding`` is the port to the model that turns a text into a vector.
"""

from bot.newsroom.tracker.embedding import Embedder, find_embedder_loader, load_embedder
from bot.newsroom.tracker.tracker import PendingJudgement, Tracker

__all__ = ["Embedder", "PendingJudgement", "Tracker", "find_embedder_loader", "load_embedder"]
