"""The database engines."""
