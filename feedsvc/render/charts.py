"""Charts as inline SVG: pygal draws, the stylesheet colours; no script and no style inside (CSP)."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.config import Config

# an importer for its maps, which we do not use; Python warns of its old form at each import of anybody
sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)]

WIDTH, HEIGHT = 720, 180
FEW = 4
_SVG = "{http://www.w3.org/2000/svg}"
#: What only serves pygal's own script and style.
_DROPPED = tuple(f"{_SVG}{name}" for name in ("style", "script", "desc", "defs", "title"))


def _config() -> Config:
    config = Config()
    config.css, config.js = [], []
    config.width, config.height = WIDTH, HEIGHT
    config.margin, config.spacing = 6, 6
    config.show_legend = False
    config.show_dots = False
    config.include_x_axis = True
    config.show_minor_x_labels = False
    config.disable_xml_declaration = True
    config.no_prefix = True
    config.no_data_text = "no figures yet"
    config.max_scale = 4
    config.truncate_label = -1
    config.allow_interruptions = True
    return config


def lines(
    label: str,
    series: Sequence[tuple[str, Sequence[float | None]]],
    ticks: Sequence[str],
    *,
    every: int = 6,
) -> Markup:
    """Lines over time: the first filled, the others for comparison. `every`: which ticks have their words."""
    chart = pygal.Line(_config())
    chart.x_labels = list(ticks)
    chart.x_labels_major = list(ticks[::every])
    for number, (name, values) in enumerate(series):
        chart.add(name, list(values), fill=number == 0)
    _count_whole(chart, [value or 0 for _, values in series for value in values])
    return _drawn(chart, label)


def bars(label: str, series: Sequence[tuple[str, Sequence[float | None]]], ticks: Sequence[str]) -> Markup:
    """Bars beside one another on top of each other."""
    chart = pygal.StackedBar(_config())
    chart.x_labels = list(ticks)
    chart.x_labels_major = list(ticks[:: max(1, len(ticks) // 8)])
    for name, values in series:
        chart.add(name, list(values))
    _count_whole(
        chart,
        [
            sum(value or 0 for value in column)
            for column in zip(*(values for _, values in series), strict=True)
        ],
    )
    return _drawn(chart, label)


def _count_whole(chart: pygal.graph.base.BaseGraph, values: Sequence[float]) -> None:
    """Nobody publishes half an article: where there are few, each is one step."""
    highest = max(values, default=0)
    if highest <= FEW:
        chart.y_labels = list(range(max(1, math.ceil(highest)) + 1))


def _drawn(chart: pygal.graph.base.BaseGraph, label: str) -> Markup:
    chart.title = None
    root = etree.fromstring(etree.tostring(chart.render_tree()))
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is not None and (callable(element.tag) or element.tag in _DROPPED):
            parent.remove(element)
        elif "style" in element.attrib:
            del element.attrib["style"]
    if "id" in root.attrib:
        del root.attrib["id"]
    root.set("role", "img")
    root.set("aria-label", label)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - made by pygal, which escapes
