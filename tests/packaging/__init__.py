"""How the bot is installed: from its wheel, as an image, as a service."""
