"""The store: SQLAlchemy Core over SQLite or PostgreSQL. Only `snapshots` may be imported by a web process."""
