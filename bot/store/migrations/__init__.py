"""Alembic's migration scripts, one file per step. A step is never edited once it is released.

The name of a file begins with its revision (``s0001_first.py``), so the newest step is known without loading Alembic
(:mod:`bot.store.migrate`).
"""
