"""Alembic's migration scripts, one file per step. A step is never edited once it is released."""
