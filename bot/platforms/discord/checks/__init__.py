"""What ``check`` asks Discord. Each module has one subject, and judges what Discord answered without asking more."""

from bot.platforms.discord.checks.application import check_discord

__all__ = ["check_discord"]
