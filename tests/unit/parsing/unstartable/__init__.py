"""Workers that do not start, each for a reason of its own."""
