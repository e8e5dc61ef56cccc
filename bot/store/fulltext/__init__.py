"""Full-text search over stories. Its statements differ between engines."""
