"""Kinds of sources besides pages and feeds: files, SQL, sitemaps, WordPress."""
