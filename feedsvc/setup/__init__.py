"""From an address to a configuration: what a site offers, what of it is worth a feed, and the file."""
