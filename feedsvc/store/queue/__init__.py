"""The due table: which upstream is polled when and by whom, and how a poll ended."""
