"""Spellings that mean the same made equal: the model's (:mod:`bot.model.text_folding`), for it is the store's too."""

from bot.model.text_folding import UNSPACED, fold, fold_words

__all__ = ["UNSPACED", "fold", "fold_words"]
