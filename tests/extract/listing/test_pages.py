"""Whole pages in the manner of many kinds of sites, with the right answer beside each."""

from __future__ import annotations

import pytest

from feedsvc.extract import listing
from tests.extract.listing.site import NAMES, answer_of, html_of, overlap, read, spoil

WITH_LIST = [name for name in NAMES if answer_of(name)["main"]]


@pytest.mark.parametrize("name", NAMES)
def test_the_main_list_is_the_pages_own(name: str) -> None:
    answer = answer_of(name)
    main = read(html_of(name), answer).main
    wanted = [(item["url"], item["title"]) for item in answer["main"] or ()]
    assert [(item.url, item.title) for item in main.items] == wanted if main else not wanted


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_says_what_kind_of_page_it_is(name: str) -> None:
    answer = answer_of(name)
    reading = read(html_of(name), answer)
    assert reading.verdict == answer["verdict"]
    assert bool(reading.hint) == (reading.verdict != "ok")


@pytest.mark.parametrize("name", NAMES)
def test_boxes_are_found_by_their_headings(name: str) -> None:
    answer = answer_of(name)
    reading = read(html_of(name), answer)
    for heading, wanted in answer["boxes"].items():
        box = listing.find_box(reading, heading)
        assert box is not None, heading
        assert box.heading == heading
        assert [(item.url, item.title) for item in box.items] == [(i["url"], i["title"]) for i in wanted]


@pytest.mark.parametrize("name", NAMES)
def test_printed_times_are_read(name: str) -> None:
    answer = answer_of(name)
    main = read(html_of(name), answer).main
    for item, wanted in zip(main.items if main else (), answer["main"] or (), strict=True):
        day = wanted.get("published", "")
        if day or answer.get("dated"):
            assert item.published is not None, item.title
            assert item.published.at.isoformat().startswith(day)


@pytest.mark.parametrize("name", [name for name in NAMES if "older" in answer_of(name)])
def test_older_pages_come_nearest_first(name: str) -> None:
    answer = answer_of(name)
    assert list(read(html_of(name), answer).older) == answer["older"]


@pytest.mark.parametrize("way", ["scramble", "class", "heading"])
@pytest.mark.parametrize("name", WITH_LIST)
def test_the_main_list_rests_on_no_single_hint(name: str, way: str) -> None:
    answer = answer_of(name)
    main = read(spoil(html_of(name), way), answer).main
    assert main is not None
    assert overlap([item.url for item in main.items], [item["url"] for item in answer["main"]]) >= 0.95


@pytest.mark.parametrize("name", WITH_LIST)
def test_a_page_of_plain_divs_is_read_too(name: str) -> None:
    answer = answer_of(name)
    main = read(spoil(html_of(name), "class heading landmark"), answer).main
    assert main is not None
    assert overlap([item.url for item in main.items], [item["url"] for item in answer["main"]]) >= 0.9


@pytest.mark.parametrize("name", WITH_LIST)
def test_every_list_says_why_and_how_to_find_it_again(name: str) -> None:
    answer = answer_of(name)
    text = html_of(name)
    for found in read(text, answer).lists:
        assert found.why
        if found.select:
            again = listing.select_items(text, url=answer["url"], select={"item": found.select})
            assert {item.url for item in found.items} <= {item.url for item in again}


def test_images_and_summaries_come_from_the_card() -> None:
    answer = answer_of("portal-id")
    main = read(html_of("portal-id"), answer).main
    assert main is not None
    assert [item.image for item in main.items] == [item["image"] for item in answer["main"]]
    packed = read(html_of("css-in-js"), answer_of("css-in-js")).main
    assert packed is not None
    assert all(item.summary.startswith("The decision came") for item in packed.items)


def test_no_menu_footer_or_page_number_is_an_item() -> None:
    for name in NAMES:
        answer = answer_of(name)
        for found in read(html_of(name), answer).lists:
            for item in found.items:
                assert item.title not in (
                    "Politics",
                    "Sport",
                    "2",
                    "Older posts",
                    "Selengkapnya",
                    "Read more",
                )


def test_what_was_left_out_is_counted() -> None:
    reading = read(html_of("wordpress"), answer_of("wordpress"))
    assert reading.rejected["label"] + reading.rejected.get("menu", 0) > 5
    assert reading.canonical == "https://blog.example/"
    assert reading.language == "en"
