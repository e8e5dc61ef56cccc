"""What is to be posted: subscribers, deliveries, the posts that carry them, and the state of their destinations."""
