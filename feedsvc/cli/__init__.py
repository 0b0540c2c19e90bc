"""The commands. Each is a few lines over what is below."""

from feedsvc.cli.main import main

__all__ = ["main"]
