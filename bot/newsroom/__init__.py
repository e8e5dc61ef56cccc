"""Coming in: the one door by which developments enter, and the ways that lead to it."""
