"""The configuration: every problem is reported at once, each with its path and a hint."""

from feedsvc.config.kinds import KINDS
from feedsvc.config.load import DEFAULT_FILE, Settings, default_file, load
from feedsvc.config.models import DemoConfig, FileConfig

__all__ = ["DEFAULT_FILE", "KINDS", "DemoConfig", "FileConfig", "Settings", "default_file", "load"]
