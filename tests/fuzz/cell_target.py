"""Any cell through every converter: a value that an independent rule gives too, or a CellError.

An input is text, so that a crash reads by itself: a letter for the kind of cell, then what it holds.
"""

import contextlib
import datetime as dt
import re
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from math import floor, isfinite
from typing import TypeVar

from bdur_xl import amounts, cells, ledger, nl
from bdur_xl.cells import CellError, Unreadable

T = TypeVar("T")

AS_SHOWN = Context(prec=15)
"""The digits that a spreadsheet keeps of a number."""

SEEDS = (
    b"n", b"b1", b"t", b"t 1.234,56 ", b"t\xc2\xa01234,5\xe2\x80\x8b", b"t2026", b"tmei 2031", b"t1-5-2031",
    b"t2031-05-01", b"t2031-13", b"t31 februari 2031", b"t=1+1", b"t\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa6",
    b"t" + b"1" * 4301,
    b"u#REF!", b"f0.005", b"f1e13", b"f9999999999999.99", b"fnan", b"f-inf", b"f44927", b"f1e-320",
    b"i2026", b"i" + b"9" * 400, b"d0.005", b"d1E-28", b"dNaN", b"dsNaN", b"d-Infinity", b"c1.400",
    b"c" + b"1" * 4301, b"D738000", b"M5", b"L90", b"t\xe2\x82\xac 1,7 miljoen", b"t12 fte",
    b"t(1.234,56)", b"c1400.5",
)  # fmt: skip


def check(data: bytes) -> None:
    """Hold every converter to its promise for the cell that the data tell."""
    kind, shown = data[:1].decode("latin-1"), data[1:].decode("utf-8", "replace")
    if kind == "c":  # as a CSV file is read
        _check_csv_number(shown)
    try:
        cell = cell_of(kind, shown)
    except (ValueError, ArithmeticError):
        return  # what no cell of that kind holds
    _check_number(cell)
    _check_share(cell)
    _check_text(cell)
    _check_days(cell)
    tried(cells.quoted, cell)
    _check_export(cell)
    if isinstance(cell, str):
        _check_amounts(str(cell))


def cell_of(kind: str, shown: str) -> object:
    """Return the cell of a kind: text, error value, float, int, Decimal, date, time, ..."""
    kinds: dict[str, Callable[[str], object]] = {
        "b": lambda text: text == "1",
        "n": lambda _: None,
        "u": Unreadable,
        "f": float,
        "i": lambda text: int(text[:400]),
        "d": Decimal,
        "c": lambda text: text if (value := cells.decimal(text)) is None else value,
        "D": lambda text: dt.datetime.fromordinal(int(text)),
        "M": lambda text: dt.time(int(text) % 24),
        "L": lambda text: dt.timedelta(minutes=int(text)),
    }
    return kinds.get(kind, str)(shown)


def tried(convert: Callable[[object], T], cell: object) -> T | CellError:
    """Return what a converter makes of a cell, or how it refuses it; its message is for people."""
    try:
        return convert(cell)
    except CellError as error:
        told = error
    assert told.message.strip(), convert
    assert told.remedy.strip(), convert
    assert len(told.message) < 400, "a message that nobody reads to the end"
    return told


def is_number(cell: object) -> bool:
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)


def is_finite(cell: object) -> bool:
    return isinstance(cell, int) or (
        isfinite(cell) if isinstance(cell, float) else isinstance(cell, Decimal) and cell.is_finite()
    )


def exactly(cell: object) -> Fraction:
    """Return the number as it is shown: a float has 15 digits."""
    assert isinstance(cell, int | float | Decimal)
    return Fraction(AS_SHOWN.create_decimal(Decimal(cell)) if isinstance(cell, float) else cell)


def in_reach(cell: object) -> bool:
    """Tell whether a Fraction of the number fits in memory."""
    return not isinstance(cell, Decimal) or abs(cell.adjusted()) < 1000


def _check_number(cell: object) -> None:
    got = tried(lambda one: cells.number(one, "bedrag"), cell)
    if is_number(cell) and is_finite(cell) and abs(cell) < 10**13:  # type: ignore[arg-type]
        assert isinstance(got, cells.Number), (cell, got)
        if in_reach(cell):
            value = exactly(cell) * 100
            half_up = floor(abs(value) + Fraction(1, 2)) * (-1 if value < 0 else 1)
            assert got == (half_up, value.denominator == 1), (cell, got)
    elif is_number(cell) or isinstance(cell, Unreadable | bool | dt.date | dt.time | dt.timedelta):
        assert isinstance(got, CellError), (cell, got)
    elif cells.is_blank(cell):
        assert got is None
    elif isinstance(got, cells.Number):  # text that is taken for a number must be it
        assert Fraction(abs(got.hundredths), 100) in readings(str(cell)), (cell, got)


def readings(shown: str) -> set[Fraction]:
    """Return the numbers that a text may mean, without sign: decimal comma, or decimal point."""
    bare = re.sub(r"[^\d.,]", "", shown)
    found = set()
    for group, point in (".,", ",."):
        with contextlib.suppress(ValueError, ArithmeticError):
            found.add(Fraction(Decimal(bare.replace(group, "").replace(point, "."))))
    return found


def _check_share(cell: object) -> None:
    got = tried(cells.share, cell)
    if isinstance(got, Fraction):
        assert is_number(cell), (cell, got)
        assert 0 <= got <= 1
        if in_reach(cell):
            assert got == exactly(float(cell))  # type: ignore[arg-type]
    else:
        taken = is_number(cell) and is_finite(cell) and 0 <= cell <= 1  # type: ignore[operator]
        assert not taken or not in_reach(cell), (cell, got)
        assert cells.is_blank(cell) == (got is None), (cell, got)


def _check_text(cell: object) -> None:
    got = tried(cells.text, cell)
    assert cells.is_blank(cell) == (got is None), (cell, got)
    if isinstance(got, str):
        assert got == " ".join(got.split()) != ""
        assert cells.text(got) == got
    year = tried(cells.year, cell)
    if isinstance(year, int):
        assert year in cells.YEARS
        assert cells.year(str(year)) == cells.year(float(year)) == year
        assert not str(got).isascii() or str(year) == got, (cell, year)


def _check_days(cell: object) -> None:
    date = tried(cells.date, cell)
    if isinstance(date, tuple):
        assert dt.date(*date)
        assert cells.date(nl.date(*date) if date[0] > 999 else cell) == date
        assert cells.date(f"{date[0]:04}-{date[1]:02}-{date[2]:02}") == date
        assert cells.day(dt.date(*date)) == date
    day = tried(cells.day, cell)
    assert isinstance(day, CellError) or day == date
    month = tried(cells.month, cell)
    if isinstance(month, tuple):
        assert cells.month(nl.month(*month)) == cells.month(dt.date(*month, 1)) == month
        assert date == (*month, 1)


def _check_csv_number(shown: str) -> None:
    value = cells.decimal(shown)
    plain = re.fullmatch(r"(-?)([0-9]+)(?:\.([0-9]+))?", shown)
    if value is None:
        dutch = re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", shown)
        assert plain is None or dutch or len(shown) > 100, shown
        return
    assert plain, (shown, value)
    whole, rest = plain[2], plain[3] or ""
    counted = Fraction(int(whole + rest), 10 ** len(rest))
    assert Fraction(value) == (-counted if plain[1] else counted)


def _check_export(cell: object) -> None:
    """A ledger export is read by the same converters, and takes Dutch text for amounts."""
    tried(ledger.booking_date, cell)
    for signs in ((), {","}, {"."}, {",", "."}):
        cents = tried(lambda one, signs=signs: ledger.amount(one, signs), cell)  # type: ignore[misc]
        if isinstance(cents, int) and isinstance(cell, str):
            assert Fraction(abs(cents), 100) in readings(cell), (cell, cents)
        elif isinstance(cents, int):
            assert cents == exactly(cell) * 100, (cell, cents)


def _check_amounts(shown: str) -> None:
    end = 0
    for one in amounts.find_amounts(shown):
        assert end <= one.start < one.end
        assert shown[one.start : one.end] == one.text
        end = one.end
