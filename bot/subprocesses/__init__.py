"""Processes of limited rights for work on external data."""
