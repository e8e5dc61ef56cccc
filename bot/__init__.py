"""Dealwire: the reporter on an industry's beat, inside Discord."""

__version__ = "0.2.0"
