"""The routes that bots of discord.py use, by what they are about."""

from . import application, callbacks, channels, guilds, messages, threads

TABLES = (
    application.routes,
    guilds.routes,
    channels.routes,
    messages.routes,
    threads.routes,
    callbacks.routes,
)
