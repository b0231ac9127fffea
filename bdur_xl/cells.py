"""One cell of a sheet -> one value of the core. Every refusal says what and what next."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import nl

SIGNIFICANT_DIGITS = 15
"""What a spreadsheet keeps of a number. Source: Excel specifications and limits."""

LIMIT = 10**13
"""Amounts from here on (euros) cannot hold cents in 15 digits."""

HUNDREDTH = Decimal("0.01")

YEARS = range(1900, 2200)

DAY_ZERO = dt.date(1899, 12, 30)
DATE_NUMBERS = range(36_526, 109_575)
"""What a date cell holds inside: 1 January 2000 to 31 December 2199, as days since `DAY_ZERO`."""

_MONTH_NUMBERS = {
    short: number
    for number, name in enumerate(nl.MONTHS, start=1)
    for short in (name, "mrt" if name == "maart" else name[:3])
}
_INVARIANT = r"-?[0-9]{1,99}(\.[0-9]{1,99})?"
"""Longer is no number of anything, and Python refuses to write one of thousands of digits."""
ISO_DATE = r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?"
_DUTCH_MONTH = r"(?:(\d{1,2})[-/ ])?(\d{1,2}|[a-z]+)[-/ ](\d{4})"


class CellError(ValueError):
    """A cell that cannot be used: `message` says why, `remedy` what to type instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Unreadable(str):
    """Stands for a cell without a usable value: an error ("#REF!") or a formula not computed."""

    __slots__ = ()


NO_VALUE = Unreadable("een formule of getal zonder bruikbare waarde")
"""A formula that no program has computed, or a number that is none."""


class Verbatim(str):
    """Text that staff typed: it stays text when a workbook is built, also where it looks like a date."""

    __slots__ = ()


class Number(NamedTuple):
    """An exact number in hundredths: cents of a euro, hundredths of an fte."""

    hundredths: int
    exact: bool
    """False when the cell had more than two decimals and was rounded half up."""


def is_blank(cell: object) -> bool:
    """Tell whether a person sees nothing in the cell."""
    return cell is None or (isinstance(cell, str) and not isinstance(cell, Unreadable) and not visible(cell))


_UNSEEN = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
"""What a text holds and nobody sees: control characters, which steer a terminal; marks that turn the
order of reading; zero-width spaces, soft hyphens; halves of characters; what `traced` marks with."""

_LINE_BREAK = "\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]"


def all_blank(row: Iterable[object]) -> bool:
    """Tell whether a person sees nothing in a row."""
    return _EMPTY.issuperset(row) or all(map(is_blank, row))


_EMPTY = frozenset({None, ""})


def printable(text: str) -> str:
    """Return the text without what nobody sees, every line break of one kind; spaces stay as they are."""
    if text.replace(nl.NBSP, " ").replace("\n", " ").isprintable():
        return text
    return re.sub(_UNSEEN, "", re.sub(_LINE_BREAK, "\n", text))


def visible(text: str) -> str:
    """Return the text as a person sees it: single spaces, and nothing that does not show."""
    shown = " ".join((text if text.isprintable() else re.sub(_UNSEEN, "", text)).split())
    return text if shown == text and type(text) is str else shown  # not the same text twice


def number(cell: object, what: str) -> Number | None:
    """Return the cell's number in exact hundredths, None when blank.

    The only rounding of input: as Excel shows it (15 digits), then half up to
    hundredths. `what` names the value in messages ("bedrag").
    """
    if is_blank(cell):
        return None
    remedy = f"Typ een {what} als getal, of maak de cel leeg als er geen raming is."
    if isinstance(cell, Unreadable):
        shown = shortened(cell, 60)
        raise CellError(f"bevat {shown} in plaats van een {what}", f"{_mend(cell)} {remedy}")
    if isinstance(cell, bool):
        raise CellError(f"bevat {'WAAR' if cell else 'ONWAAR'} in plaats van een {what}", remedy)
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        raise CellError(
            f"bevat een datum of tijd in plaats van een {what}",
            "Zet de celopmaak op Getal. " + remedy,
        )
    if not isinstance(cell, int | float | Decimal):
        raise CellError(f"bevat de tekst {quoted(cell)} in plaats van een {what}", remedy)
    if _is_nan(cell) or not -LIMIT < cell < LIMIT:  # also refuses infinity
        raise CellError(f"bevat een onmogelijk groot {what}", remedy)
    return _hundredths(cell)


def _mend(cell: Unreadable) -> str:
    """Return what to do about a cell without a usable value."""
    if cell != NO_VALUE:
        return "Herstel de formule."
    return "Open de werkmap in Excel (of LibreOffice), laat hem herberekenen en bewaar hem."


def _hundredths(cell: float | Decimal) -> Number:
    if cell == int(cell):
        return Number(int(cell) * 100, exact=True)
    digits = cell if isinstance(cell, Decimal) else Decimal(f"{cell:.{SIGNIFICANT_DIGITS}g}")
    rounded = digits.quantize(HUNDREDTH, ROUND_HALF_UP)
    return Number(int(rounded * 100), exact=rounded == digits)


def _is_share(cell: float | Decimal) -> bool:
    return not _is_nan(cell) and 0 <= cell <= 1


def _is_nan(cell: float | Decimal) -> bool:
    return isinstance(cell, Decimal) and cell.is_nan()  # a float that is none compares as False


def share(cell: object) -> Fraction | None:
    """Return a share from 0 to 1 (0,1 shown as 10%), exact to 15 digits; None when blank."""
    if is_blank(cell):
        return None
    if not isinstance(cell, int | float | Decimal) or isinstance(cell, bool) or not _is_share(cell):
        raise CellError(f"bevat {quoted(cell)} in plaats van een deel", "Typ een percentage van 0% tot 100%.")
    return Fraction(f"{float(cell):.{SIGNIFICANT_DIGITS}g}")


def text(cell: object) -> str | None:
    """Return the cell's text with single spaces, None when blank; 21.0 reads "21"."""
    if type(cell) is str:
        return visible(cell) or None
    if is_blank(cell):
        return None
    if isinstance(cell, Unreadable):
        raise CellError(f"bevat {shortened(cell, 60)}", f"{_mend(cell)} Of typ de tekst.")
    if isinstance(cell, bool):
        raise CellError(f"bevat {'WAAR' if cell else 'ONWAAR'} in plaats van tekst", "Typ de tekst.")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return visible(str(cell))


def year(cell: object) -> int | None:
    """Return a calendar year, typed as 2023 or "2023"; None when blank."""
    shown = None if isinstance(cell, (dt.date, dt.timedelta)) else text(cell)
    if is_blank(cell):
        return None
    if shown is None or not re.fullmatch(r"\d{4}", shown) or int(shown) not in YEARS:
        raise CellError(f"bevat {quoted(cell)} in plaats van een jaartal", "Typ een jaar, zoals 2026.")
    return int(shown)


def month(cell: object) -> tuple[int, int] | None:
    """Return (year, month) from a date on the first, "mei 2023" or "2023-05"; None when blank."""
    if is_blank(cell):
        return None
    parts = _date_parts(cell)
    if parts is None or parts[0] not in YEARS or not 1 <= parts[1] <= len(nl.MONTHS):
        raise CellError(
            f"bevat {quoted(cell)} in plaats van een maand",
            "Typ de eerste dag van de maand, zoals 1-5-2023, of mei 2023.",
        )
    if parts[2] != 1:
        raise CellError(
            f"valt niet op de eerste van de maand ({quoted(cell)})",
            "Alleen hele maanden tellen: typ de eerste dag van de maand.",
        )
    return parts[0], parts[1]


def date(cell: object) -> tuple[int, int, int] | None:
    """Return (year, month, day) from a date cell or "2023-02-23"; None when blank."""
    if is_blank(cell):
        return None
    parts = _date_parts(cell)
    if parts is None or not _exists(*parts):
        raise CellError(f"bevat {quoted(cell)} in plaats van een datum", "Typ een datum, zoals 23-2-2023.")
    return parts


def day(cell: object) -> tuple[int, int, int] | None:
    """Return (year, month, day) as `date` does; a month without a day is refused."""
    parts = date(cell)
    shown = visible(cell).casefold() if isinstance(cell, str) else ""
    match = re.fullmatch(ISO_DATE, shown) or re.fullmatch(_DUTCH_MONTH, shown)
    if parts and match and match[3 if shown[:4].isdecimal() else 1] is None:
        raise CellError(f"bevat {quoted(cell)}, een maand zonder dag", "Typ een datum, zoals 23-2-2023.")
    return parts


def _exists(year: int, month: int, day: int) -> bool:
    try:
        return bool(dt.date(year, month, day))
    except ValueError:
        return False


def _date_parts(cell: object) -> tuple[int, int, int] | None:
    if isinstance(cell, float) and cell.is_integer() and int(cell) in DATE_NUMBERS:
        cell = DAY_ZERO + dt.timedelta(days=int(cell))  # Calc hands a function no cell formats
    if isinstance(cell, dt.date):
        return cell.year, cell.month, cell.day
    if not isinstance(cell, str) or isinstance(cell, Unreadable):
        return None
    shown = visible(cell).casefold()
    if match := re.fullmatch(ISO_DATE, shown):
        return int(match[1]), int(match[2]), int(match[3] or 1)
    if match := re.fullmatch(_DUTCH_MONTH, shown):
        number = int(match[2]) if match[2].isdecimal() else _MONTH_NUMBERS.get(match[2], 0)
        return int(match[3]), number, int(match[1] or 1)
    return None


def decimal(shown: str) -> int | Decimal | None:
    """Return the number that invariant text ("1234.5") states, None when it is not one.

    Neither is "1.400": a Dutch hand means fourteen hundred.
    """
    try:
        value = Decimal(shown)
    except InvalidOperation:
        return None
    if not re.fullmatch(_INVARIANT, shown) or re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", shown):
        return None
    return int(value) if value == int(value) else value


def quoted(cell: object) -> str:
    """Return the cell's content for a message, shortened when long."""
    if isinstance(cell, dt.date):
        return nl.date(cell.year, cell.month, cell.day)
    if isinstance(cell, float | Decimal):
        number = str(cell or 0)  # not "-0"
        return f'"{shortened(number).removesuffix(".0").replace(".", ",")}"'
    return f'"{shortened(str(cell))}"'


def shortened(text: str, most: int = 40) -> str:
    """Return the visible text, only its first characters when there are more than `most`."""
    shown = visible(text)
    return f"{shown[:most]}…" if len(shown) > most else shown
