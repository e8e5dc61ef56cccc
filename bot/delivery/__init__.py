"""Going out: every owed post reaches its destination, once."""
