"""One sheet function, and how it is evaluated for one cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bdur_xl import collector, error_log
from bdur_xl.arguments import NOT_USABLE, Argument, Given, SheetError
from bdur_xl.functions import Value
from bdur_xl.grids import Grid, Row

LONGEST_TEXT = 32_767
"""Characters that one cell holds. Source: Excel specifications and limits."""

LONGEST_ARRAY_TEXT = 255
"""Characters of a text inside an array that every Excel passes on from VBA."""


@dataclass(frozen=True)
class SheetFunction:
    """One function for a cell; help, returns and example are Dutch."""

    name: str
    help: str
    arguments: tuple[Argument, ...]
    returns: str
    example: str
    compute: Callable[[Given], Value | Grid]
    is_array: bool = False
    explain: Callable[[Given], str] | None = None
    """Says in one sentence how the figure comes about, for BDUR_WAAROM."""


def evaluate(function: SheetFunction, cells: Sequence[object]) -> Value | Grid:
    """Return what a function shows for these cell values; never raises.

    A cell is None, a float, a str, a bool, a date or datetime, `cells.Unreadable`
    for an error value, or a tuple of row tuples for a range. The result is a
    float, a str or a SheetError; for an array function a tuple of equally long
    row tuples of those, where None is an empty cell.
    """
    try:
        with collector.paused():
            result = function.compute(Given(function.arguments, cells))
    except SheetError as error:
        return error
    except Exception as error:
        return unexpected(function, error, cells)
    if isinstance(result, tuple):
        return _capped_grid(result)
    return _capped(result, LONGEST_TEXT)


def unexpected(function: SheetFunction, error: Exception, cells: Sequence[object] = ()) -> SheetError:
    """Return what the cell shows of a bug, and log it; `cells` are those of the call, where known."""
    given = {argument.name: cell for argument, cell in zip(function.arguments, cells, strict=False)}
    told = error_log.told(function.name, error, given)
    return SheetError(NOT_USABLE, f"onverwachte fout in bdur_xl ({told})")


def _capped_grid(grid: Grid) -> Grid:
    long = {one for row in grid for one in row if isinstance(one, str) and len(one) > LONGEST_ARRAY_TEXT}
    return tuple(row if long.isdisjoint(row) else _capped_row(row) for row in grid) if long else grid


def _capped_row(row: Row) -> Row:
    return tuple(_capped(value, LONGEST_ARRAY_TEXT) for value in row)


def _capped(value: Value, longest: int) -> Value:
    return f"{value[: longest - 1]}…" if isinstance(value, str) and len(value) > longest else value
