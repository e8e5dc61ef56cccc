"""Pure values and rules. Imports nothing of the project but its errors; does no I/O."""
