"""Parse a question: companies, facets (kinds and stages), dates, exclusions, and the other words."""
