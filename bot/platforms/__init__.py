"""The places that Dealwire posts to; each package implements :class:`bot.delivery.port.Publisher`."""
