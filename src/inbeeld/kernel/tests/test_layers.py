"""How a learner moved in the pyramid: every pair of layers there is."""

from __future__ import annotations

from itertools import product

from inbeeld.kernel.layers import LAYERS, Course, course_of, moved


def test_new_longer_and_going_back_are_every_pair_of_layers_once():
    for before, now in product((None, *LAYERS), LAYERS):
        found = course_of(before, now)
        if before is None or now > before:
            assert found is Course.NEW
        elif now == before:
            assert found is Course.LONGER
        else:
            assert found is Course.BACK


def test_what_is_not_known_now_is_no_course_and_no_move():
    assert course_of(2, None) is None
    assert moved(2, None) == moved(None, 2) == moved(None, None) == 0


def test_up_is_missing_more():
    assert moved(1, 2) == moved(0, 3) == 1
    assert moved(3, 2) == moved(1, 0) == -1
    assert moved(2, 2) == 0
