"""The catalogues: what goes into them, and whether all of it is there."""
