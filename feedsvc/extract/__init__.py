"""Foreign bytes → drafts. Each module reads one shape; none knows where the bytes came from or go to."""
