"""Discord: the client, the publisher behind the delivery port, rate limits, channels and locales."""
