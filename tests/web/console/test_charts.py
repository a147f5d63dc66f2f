"""Where the marks of a chart stand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.web.console.charts import (
    GRIDLINES,
    MOST_LABELS,
    PLOT_HEIGHT,
    PLOT_TOP,
    THIN,
    Bar,
    Series,
    bars,
    columns,
    count_step,
    heat,
    length_step,
)

law = settings(max_examples=60, deadline=None)
VALUES = st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=40)


@pytest.mark.parametrize(("most", "step"), [(0, 1), (3, 1), (4, 1), (5, 2), (9, 5), (40, 10), (41, 20), (2300, 1000)])
def test_gridlines_of_counts_are_round(most: int, step: int) -> None:
    assert count_step(most) == step


@pytest.mark.parametrize(
    ("seconds", "step"),
    [(0, 1), (120, 30), (3600, 900), (4 * 3600, 3600), (86400, 21600), (4 * 86400, 86400), (90 * 86400, 50 * 86400)],
)
def test_gridlines_of_lengths_are_round_by_the_clock(seconds: int, step: int) -> None:
    assert length_step(seconds) == step


def test_columns_stand_side_by_side_and_a_marker_across_them() -> None:
    series = (
        Series("Opened", "one", [10, None]),
        Series("Solved", "two", [5, 0]),
        Series("Most", "top", [10, 5], True),
    )
    chart = columns(["Mon", "Tue"], series, str, 5)
    first, solved, nothing, marker, _ = chart.rects
    assert (first.tone, first.height, first.y, first.tip) == ("one", PLOT_HEIGHT, PLOT_TOP, "Mon · Opened: 10")
    assert first.x + first.width == pytest.approx(solved.x)
    assert (solved.height, nothing.height, nothing.x > 50) == (PLOT_HEIGHT / 2, 0, True)
    assert marker.x == first.x
    assert marker.width == pytest.approx(first.width * 2)
    assert [line.text for line in chart.grid] == ["", "5", "10"]
    assert [label for _, label in chart.legend] == ["Opened", "Solved", "Most"]


def test_what_is_below_nothing_hangs_from_the_line_of_nothing() -> None:
    chart = columns(["Mon", "Tue", "Wed"], [Series("NPS", "two", [100, -50, -100])], str, 50, 100, -100)
    middle = PLOT_TOP + PLOT_HEIGHT / 2
    assert [(rect.y, rect.height) for rect in chart.rects] == [(PLOT_TOP, 80), (middle, 40), (middle, 80)]
    assert [line.text for line in chart.grid] == ["-100", "-50", "0", "50", "100"]


def test_the_least_of_a_scale_that_does_not_begin_at_nothing_shows_as_a_line() -> None:
    chart = columns(["Mon", "Tue", "Wed"], [Series("CES", "two", [1, None, 7])], str, 2, 7, 1)
    bottom = PLOT_TOP + PLOT_HEIGHT
    assert [(rect.y, rect.height) for rect in chart.rects] == [(bottom - THIN, THIN), (PLOT_TOP, PLOT_HEIGHT)]
    assert [line.text for line in chart.grid] == ["1", "3", "5", "7"]


@law
@given(VALUES)
def test_no_column_leaves_the_plot(values: list[int | None]) -> None:
    step = count_step(max((value or 0 for value in values), default=0))
    chart = columns([str(n) for n in range(len(values))], [Series("x", "one", values)], str, step)
    assert len(chart.rects) == sum(1 for value in values if value is not None)
    assert len(chart.grid) <= GRIDLINES + 1
    assert len(chart.labels) <= MOST_LABELS
    for rect in chart.rects:
        assert rect.x >= 0
        assert rect.x + rect.width <= 100.01
        assert rect.y >= PLOT_TOP - 0.11
        assert rect.y + rect.height == pytest.approx(PLOT_TOP + PLOT_HEIGHT, abs=0.11)


@law
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999), st.none() | st.integers(0, 2000)), max_size=8))
def test_no_bar_leaves_the_chart_and_parts_lie_end_to_end(rows: list[tuple[int, int, int | None]]) -> None:
    chart = bars([Bar(str(n), (("good", one), ("bad", other)), "", was) for n, (one, other, was) in enumerate(rows)])
    assert all(rect.x >= 0 and rect.x + rect.width <= 100.02 for rect in chart.rects)
    assert all(rect.y >= 0 and rect.y + rect.height <= chart.height for rect in chart.rects)
    assert sum(1 for rect in chart.rects if rect.tone == "before") == sum(1 for *_, was in rows if was is not None)
    for good, bad in zip(chart.rects, chart.rects[1:], strict=False):
        if (good.tone, bad.tone, good.y) == ("good", "bad", bad.y):
            assert good.x + good.width == pytest.approx(bad.x, abs=0.02)


def test_a_grid_is_the_darker_the_more_and_says_its_numbers() -> None:
    chart = heat(["Mon", "Tue"], ["00", "01"], [[0, 1], [5, 10]], str)
    assert [(rect.tone, rect.text) for rect in chart.rects] == [
        ("heat-0", ""),
        ("heat-1", "1"),
        ("heat-2", "5"),
        ("heat-4", "10"),
    ]
    assert chart.rects[3].tip == "Tue 01: 10"
