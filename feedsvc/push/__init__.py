"""Telling others that something is new: WebSub deliveries and pings, and what is pushed to us."""
