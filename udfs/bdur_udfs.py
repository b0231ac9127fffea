"""Every sheet function of the registry as an Excel function, through xlwings.

Translates what COM gives and takes; it never calculates. A function that has
no figure raises: the VBA wrapper makes the mark in the message a real error
value (see `bdur_xl.build.vba_wrappers`).
"""

from collections.abc import Callable
from decimal import Decimal
from inspect import Parameter, Signature

import xlwings as xw

from bdur_xl.build.vba_wrappers import CATEGORY, ERROR_MARK, ERROR_NUMBERS
from bdur_xl.cells import Unreadable
from bdur_xl.registry import SHEET_FUNCTIONS, Argument, SheetError, SheetFunction, evaluate, unexpected

Udf = Callable[..., object]

ERROR_CODES = range(-2_146_826_288, -2_146_826_188)
"""What COM gives for an error value: 0x800A0000 plus its number, 2000 to 2099."""


class CellValueError(Exception):
    """Tells the VBA wrapper which error value the cell shows, by the mark in its message."""


def incoming(value: object) -> object:
    """Return an argument as the registry takes it: cells, rows as tuples, None when left out."""
    if isinstance(value, list):
        return tuple(tuple(_cell_in(cell) for cell in row) for row in value)
    return _cell_in(value)


def _cell_in(cell: object) -> object:
    if isinstance(cell, str):
        return Unreadable(cell) if cell in ERROR_NUMBERS else cell
    if isinstance(cell, int) and cell in ERROR_CODES:  # one that xlwings does not name, like #SPILL!
        return Unreadable("een foutwaarde")
    if isinstance(cell, int | Decimal) and not isinstance(
        cell, bool
    ):  # from VBA code; a cell in currency format
        return float(cell)
    return cell


def outgoing(result: object) -> object:
    """Return a result as xlwings takes it; raises CellValueError for an error."""
    if isinstance(result, SheetError):
        raise CellValueError(_mark(result))
    if isinstance(result, tuple):
        return [list(map(_cell_out, row)) for row in result]
    return result


def _cell_out(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(ERROR_MARK):  # typed by someone: no mark of ours
        return f"\N{WORD JOINER}{cell}"
    return _mark(cell) if isinstance(cell, SheetError) else cell


def _mark(error: SheetError) -> str:
    return f"{ERROR_MARK}{ERROR_NUMBERS[error.code]}"


def _as_udf(function: SheetFunction) -> Udf:
    def udf(*cells):  # type: ignore[no-untyped-def]  # xlwings makes a converter of every type hint
        try:
            return outgoing(evaluate(function, [incoming(cell) for cell in cells]))
        except CellValueError:
            raise
        except Exception as error:
            return outgoing(unexpected(function, error))

    udf.__name__, udf.__doc__ = function.name, function.help
    udf.__signature__ = Signature([_parameter(argument) for argument in function.arguments])  # type: ignore[attr-defined]
    for argument in function.arguments:
        udf = xw.arg(argument.name, doc=argument.help, ndim=2, err_to_str=True)(udf)
    return xw.func(category=CATEGORY)(udf)


def _parameter(argument: Argument) -> Parameter:
    default = None if argument.optional else Parameter.empty
    return Parameter(argument.name, Parameter.POSITIONAL_OR_KEYWORD, default=default)


globals().update({function.name: _as_udf(function) for function in SHEET_FUNCTIONS})
