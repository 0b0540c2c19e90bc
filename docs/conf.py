"""The documentation as a site: `make docs`."""

from __future__ import annotations

from feedsvc import __version__

project = "feedsvc"
author = "the authors of feedsvc"
copyright = "the authors of feedsvc; MIT licence"  # noqa: A001 - Sphinx calls it so
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["misc.highlighting_failure"]  # examples of TOML are cut, and say so with an ellipsis

html_theme = "furo"
html_title = f"feedsvc {__version__}"
html_show_sphinx = False
html_copy_source = False
pygments_style = "friendly"
pygments_dark_style = "monokai"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
