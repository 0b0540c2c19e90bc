"""What the publisher reads and saves."""
