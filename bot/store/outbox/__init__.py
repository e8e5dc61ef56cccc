"""The outbox: deliveries, the posts that carry them, and the destinations that they go to."""
