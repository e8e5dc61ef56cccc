"""The commands of the terminal, other than running the bot."""
