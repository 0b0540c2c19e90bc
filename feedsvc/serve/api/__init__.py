"""The API through which a newsroom publishes, corrects and withdraws articles."""
