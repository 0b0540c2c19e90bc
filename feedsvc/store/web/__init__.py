"""What web processes read."""
