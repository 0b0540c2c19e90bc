"""Subscriptions, deliveries and pings."""
