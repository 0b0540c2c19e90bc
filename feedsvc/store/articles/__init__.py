"""Articles: their names, what was said of them, where they stand, how long they are kept."""
