"""Hostile inputs, as a table and as the runs that send them."""
