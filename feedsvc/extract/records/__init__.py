"""Foreign records (files, rows) → drafts."""
