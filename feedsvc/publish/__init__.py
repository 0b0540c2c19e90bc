"""Changed articles → ready bytes: feeds, the pages beside them, and what is built when somebody asks."""
