"""Limits that every foreign text is held against before a parser sees it: of HTML, and of XML and feeds."""
