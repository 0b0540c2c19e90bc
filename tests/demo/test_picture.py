"""The pictures that the demo newsroom ships."""

from __future__ import annotations

import io

import imagesize
import pytest

from feedsvc.demo.picture import KINDS, SCENES, picture, static


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize(("small", "size"), [(False, (1200, 675)), (True, (480, 270))])
def test_each_scene_has_its_pictures_in_both_sizes(scene: str, small: bool, size: tuple[int, int]) -> None:
    pictures = {picture(number, scene, small=small) for number in range(KINDS * 2)}
    assert len(pictures) == KINDS
    for png in pictures:
        assert png.startswith(b"\x89PNG")
        assert imagesize.get(io.BytesIO(png)) == size


def test_icon_and_logo_are_there() -> None:
    assert static("favicon.ico").startswith(b"\0\0\1\0")
    assert imagesize.get(io.BytesIO(static("logo.png"))) == (512, 512)
