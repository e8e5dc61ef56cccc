"""Spellings that mean the same made equal: the model's (:mod:`bot.model.spelling`), for it is the store's too."""

from bot.model.spelling import UNSPACED, fold, words

__all__ = ["UNSPACED", "fold", "words"]
