"""Delivery: every enqueued post reaches its destination, once."""
