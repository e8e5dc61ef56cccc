"""The demo: the same bot, with the seeds, on a simulated Discord in the browser. No token, no account, no network."""

from bot.demo.run import run_demo

__all__ = ["run_demo"]
