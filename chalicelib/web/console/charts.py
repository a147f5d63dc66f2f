"""Where the marks of a chart stand: a template draws them as SVG, the style sheet colours them.

Across, places are percentages and down they are pixels, so a chart fits any width without its letters growing or
shrinking. Nothing needs a `style` attribute or a script, which the pages' Content-Security-Policy forbids.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, log10

PLOT_TOP, PLOT_HEIGHT, AXIS = 8, 160, 24
MOST_LABELS = 6
GROUP = 0.74
"""The part of its slot that a group of columns fills."""

THIN = 2.0
"""How high the mark of the least value is, in pixels, where a chart doesn't begin at 0."""

ROW, BAR_TOP, BAR_HEIGHT = 44, 20, 14
CELL_HEIGHT, CELLS_FROM = 26, 10.0
LEVELS = 4
GRIDLINES = 4
MINUTE, HOUR, DAY = 60, 3600, 86400
TIME_STEPS = (1, 2, 5, 10, 15, 30)
LENGTHS = (*(n * 1.0 for n in TIME_STEPS), *(n * 60.0 for n in TIME_STEPS), *(n * 3600.0 for n in (1, 2, 3, 6, 12)))

Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each place; a `marker` is a line at its height instead of a column. None leaves a gap."""

    label: str
    tone: str
    values: Sequence[float | None]
    marker: bool = False


@dataclass(frozen=True, slots=True)
class Rect:
    """A mark: `x` and `width` in percent, `y` and `height` in pixels; `tip` says what it stands for."""

    x: float
    width: float
    y: float
    height: float
    tone: str
    tip: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place; a `minor` one is left out where there is little room."""

    x: float
    y: float
    text: str
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is drawn: `kind` is columns, bars or heat; `legend` names the tones."""

    kind: str
    height: int
    rects: tuple[Rect, ...]
    labels: tuple[Label, ...] = ()
    grid: tuple[Label, ...] = ()
    values: tuple[Label, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart: its parts by tone, what is written at its end, and the value before, where one is."""

    label: str
    parts: tuple[tuple[str, float], ...]
    value: str
    before: float | None = None


def columns(
    places: Sequence[str],
    series: Sequence[Series],
    write: Write,
    step: float,
    top: float | None = None,
    floor: float = 0,
) -> Chart:
    """Give a chart of columns side by side at each place, over gridlines every `step`, which `write` puts in words.

    It reaches from `floor` up to `top`, else to the first gridline that nothing exceeds. Columns stand on `floor`, or
    hang or stand from 0 where that lies between; where `floor` isn't 0, the least value shows as a thin line.
    """
    most = max((value or 0 for one in series for value in one.values), default=0)
    top = top or step * max(1, ceil(most / step))
    slot, tall, base = 100 / max(1, len(places)), top - floor, max(0, floor)
    beside = [one for one in series if not one.marker]
    rects: list[Rect] = []
    for one in series:
        width = slot * GROUP / (1 if one.marker else len(beside))
        shift = slot * (1 - GROUP) / 2 + (0 if one.marker else beside.index(one) * width)
        for index, value in enumerate(one.values):
            if value is None:
                continue
            height = 3.0 if one.marker else max(round(PLOT_HEIGHT * abs(value - base) / tall, 1), THIN if floor else 0)
            y = PLOT_TOP + PLOT_HEIGHT * (top - max(value, base)) / tall - (1.5 if one.marker else 0)
            y = y if one.marker else min(y, PLOT_TOP + PLOT_HEIGHT - height)
            tip = f"{places[index]} · {one.label}: {write(value)}"
            rects.append(Rect(round(index * slot + shift, 2), round(width, 2), round(y, 1), height, one.tone, tip))
    lines = round(tall / step)
    heights = [(floor + step * line, PLOT_TOP + PLOT_HEIGHT * (1 - line / lines)) for line in range(lines + 1)]
    grid = tuple(Label(0, round(y, 1), write(value) if value or floor else "") for value, y in heights)
    legend = tuple((one.tone, one.label) for one in series) if len(series) > 1 else ()
    return Chart("columns", PLOT_TOP + PLOT_HEIGHT + AXIS, tuple(rects), _along(places, slot), grid, (), legend)


def _along(places: Sequence[str], slot: float) -> tuple[Label, ...]:
    every = max(1, ceil(len(places) / MOST_LABELS))
    y = PLOT_TOP + PLOT_HEIGHT + 17
    return tuple(
        Label(round((index + 0.5) * slot, 2), y, place) for index, place in enumerate(places) if index % every == 0
    )


def bars(rows: Sequence[Bar], legend: Sequence[tuple[str, str]] = ()) -> Chart:
    """Give a chart of bars below each other, each under its label, parts end to end, a line where it was before."""
    most = max((max(sum(size for _, size in row.parts), row.before or 0) for row in rows), default=0) or 1
    rects: list[Rect] = []
    for index, row in enumerate(rows):
        y = index * ROW + BAR_TOP
        sizes = [size / most * 100 for _, size in row.parts]
        for (tone, _), size, after in zip(row.parts, sizes, accumulate(sizes), strict=True):
            if size:
                tip = f"{row.label}: {row.value}"
                rects.append(Rect(round(after - size, 2), round(size, 2), y, BAR_HEIGHT, tone, tip))
        if row.before is not None:
            # the line keeps inside the chart at both ends
            x = min(row.before / most * 100, 99.4)
            rects.append(Rect(round(x, 2), 0.6, y - 3, BAR_HEIGHT + 6, "before", row.label))
    labels = tuple(Label(0, index * ROW + 14, row.label) for index, row in enumerate(rows))
    values = tuple(Label(100, index * ROW + 14, row.value) for index, row in enumerate(rows))
    return Chart("bars", len(rows) * ROW, tuple(rects), labels, (), values, tuple(legend))


def heat(rows: Sequence[str], across: Sequence[str], counts: Sequence[Sequence[int]], write: Write) -> Chart:
    """Give a grid whose cells are the darker the more they count; each says its number too."""
    most = max((count for row in counts for count in row), default=0)
    width = (100 - CELLS_FROM) / len(across)
    cells = []
    for row, (name, line) in enumerate(zip(rows, counts, strict=True)):
        for column, count in enumerate(line):
            level = ceil(LEVELS * count / most) if count else 0
            tip = f"{name} {across[column]}: {write(count)}"
            x, y = round(CELLS_FROM + column * width, 2), row * CELL_HEIGHT
            text = write(count) if count else ""
            cells.append(Rect(x, round(width - 0.35, 2), y, CELL_HEIGHT - 2, f"heat-{level}", tip, text))
    names = [Label(0, row * CELL_HEIGHT + 17, name) for row, name in enumerate(rows)]
    every = 3
    bottom = len(rows) * CELL_HEIGHT + 14
    below = [
        Label(round(CELLS_FROM + (column + 0.5) * width, 2), bottom, place, minor=column // every % 2 == 1)
        for column, place in enumerate(across)
        if column % every == 0
    ]
    return Chart("heat", bottom + 6, tuple(cells), tuple(below), (), tuple(names))


def count_step(most: float) -> float:
    """Give the distance of gridlines for counts up to `most`: 1, 2 or 5 times a power of ten, at most GRIDLINES."""
    rough = max(1.0, most / GRIDLINES)
    power = 10.0 ** int(log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))


def length_step(most: float) -> float:
    """Give the distance of gridlines for lengths of time up to `most` seconds: round by the clock, then by days."""
    rough = most / GRIDLINES
    return next((step for step in LENGTHS if step >= rough), DAY * count_step(most / DAY))
