"""The least that a discord.py bot can be: what any bot's answer is measured against.

Run with DISCORD_TOKEN and DISCORD_API_URL.
"""

import asyncio
import logging
import os

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

bot = commands.Bot("!", intents=discord.Intents(guilds=True, guild_messages=True, message_content=True))


@bot.command()
async def ping(ctx: commands.Context[commands.Bot]) -> None:
    await ctx.send("pong")


async def main() -> None:
    Route.BASE = os.environ["DISCORD_API_URL"]
    async with bot:
        await bot.login(os.environ["DISCORD_TOKEN"])
        _, gateway, _ = await bot.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        await bot.connect()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(main())
