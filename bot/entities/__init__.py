"""Find the companies that a text names: an index of their names, a matcher, and what tells a name from a word."""
