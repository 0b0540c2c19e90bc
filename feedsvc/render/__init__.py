"""Articles → bytes. Entries are rendered once, when they change; a feed is its frame plus their fragments.

`freeze` is light enough for a web process; `formats` is not.
"""
