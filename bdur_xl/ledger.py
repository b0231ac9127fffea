"""One row of an export of the ledger -> one booking, exact, or the reasons why not.

Cost is positive: debet less credit. Descriptions are not read: they may name persons.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from bdur_xl import cells, nl
from bdur_xl.book import BookError
from bdur_xl.cells import CellError
from bdur_xl.model import Date
from bdur_xl.tables import heading_key

T = TypeVar("T")


class LedgerError(BookError):
    """An export that cannot be read at all: what is wrong and what to do."""


# Columns


class Heading(StrEnum):
    """The columns of an export that count."""

    ACCOUNT = "rekening"
    COST_CENTRE = "kostenplaats"
    DATE = "boekdatum"
    AMOUNT = "bedrag"
    DEBIT = "debet"
    CREDIT = "credit"
    SIDE = "debet/credit"


_EUROS = r"( \(?(in )?(eur|euro|euro's|€)\)?)?"
_HEADINGS = {
    Heading.ACCOUNT: r"((grootboek|gb|kosten) ?)?(rekening|rek\.?)( ?(nummer|nr\.?|code))?|"
    r"grootboek( ?(nummer|nr\.?))?",
    Heading.COST_CENTRE: r"kosten ?plaats( ?(nummer|nr\.?|code))?|kpl\.?",
    Heading.DATE: r"((boek(ings?)?|transactie) ?)?datum( boeking)?",
    Heading.AMOUNT: rf"(boekings ?)?bedrag{_EUROS}",
    Heading.DEBIT: rf"(bedrag )?deb(et|it){_EUROS}",
    Heading.CREDIT: rf"(bedrag )?credit{_EUROS}",
    Heading.SIDE: r"d ?[/ ]? ?c|d of c|debet credit",
}
"""Per column the headings that mean it, as `heading_key` gives them."""

AMOUNT_COLUMNS = (Heading.AMOUNT, Heading.DEBIT, Heading.CREDIT, Heading.SIDE)
LEAST_KNOWN = 2
"""Known headings that make a row the heading row; a title has fewer."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of an export stand, from 0, and how it writes decimals."""

    at: Mapping[Heading, int]
    width: int
    """Columns that have a heading; what stands further right belongs to none."""
    decimal_signs: frozenset[str] = frozenset()
    """The decimal signs that amounts of this export certainly use."""
    separator: str = ""
    """What stands between the cells of a CSV file."""

    def cell(self, row: Sequence[object], heading: Heading) -> object:
        """Return the cell under a heading, None when the export has no such column."""
        position = self.at.get(heading)
        return row[position] if position is not None else None


def find_columns(headings: Sequence[object]) -> Columns | None:
    """Return the columns of an export, None when this row is not its heading row.

    Raises LedgerError for a heading row in which a column stands twice or is missing.
    """
    meant = [_meaning(heading) for heading in headings]
    at = {one: meant.index(one) for one in Heading if one in meant}
    if len(at) < LEAST_KNOWN:
        return None
    for one in at:
        if meant.count(one) > 1:
            both = nl.listing(str(heading) for heading, is_one in zip(headings, meant, strict=True)
                              if is_one is one)  # fmt: skip
            raise LedgerError(f"Er zijn twee kolommen voor {one}: {both}", "Houd er één over.")
    filled = [number for number, heading in enumerate(headings) if not cells.is_blank(heading)]
    for missing in _missing(at):
        shown = nl.listing(cells.visible(str(headings[number])) for number in filled)
        raise LedgerError(
            f"De kolom {missing} ontbreekt; gevonden zijn: {shown}",
            "Exporteer met die kolom, of geef de kolom die naam.",
        )
    return Columns(at, filled[-1] + 1)


def _meaning(heading: object) -> Heading | None:
    key = heading_key(heading) if isinstance(heading, str) else ""
    return next((one for one, pattern in _HEADINGS.items() if re.fullmatch(pattern, key)), None)


def _missing(at: Mapping[Heading, int]) -> Iterator[str]:
    if Heading.DATE not in at:
        yield Heading.DATE
    if Heading.ACCOUNT not in at and Heading.COST_CENTRE not in at:
        yield "rekening of kostenplaats"
    if Heading.AMOUNT not in at and not {Heading.DEBIT, Heading.CREDIT} <= at.keys():
        yield "bedrag (of debet en credit)"


# Cells

_NUMBER = re.compile(r"(?P<before>[-+]?)(?P<open>\(?)(?P<body>\d[\d.,]{0,99})(?P<close>\)?)(?P<after>[-+]?)")
_DECIMALS = {
    ",": re.compile(r"(\d{1,3}(\.\d{3})+|\d+),(\d{1,2}|\d{2}00+)|\d{1,3}(\.\d{3}){2,}"),
    ".": re.compile(r"(\d{1,3}(,\d{3})+|\d+)\.(\d{1,2}|\d{2}00+)|\d{1,3}(,\d{3}){2,}"),
}
"""Per decimal sign the numbers that can only be meant with it; zeros behind the cents do no harm."""
_THOUSAND = re.compile(r"\d{1,3}([.,])\d{3}")
"""A thousand, or a number with three decimals."""
_DATE = re.compile(
    r"(?:(?P<d>\d{1,2})[-./](?P<m>\d{1,2})[-./](?P<y>\d{4})|(?P<Y>\d{4})([-./]?)(?P<M>\d{2})\5(?P<D>\d{2}))"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)


def certain_signs(amounts: Iterable[object]) -> frozenset[str]:
    """Return the decimal signs that some amount of a column can only be meant with."""
    bodies = {match["body"] for cell in amounts if isinstance(cell, str) and (match := _matched(cell))}
    return frozenset(sign for sign, pattern in _DECIMALS.items() if any(map(pattern.fullmatch, bodies)))


def _matched(text: str) -> re.Match[str] | None:
    shown = cells.visible(text).replace(nl.MINUS, "-").casefold()
    bare = re.sub(r"€|eur\b|(?<=\d)[ '](?=\d{3}(?!\d))", "", shown)
    return _NUMBER.fullmatch(re.sub(r"(?<=[-+(]) +| +(?=[-+)])", "", bare.strip()))


def amount(cell: object, decimal_signs: Collection[str] = ()) -> int | None:
    """Return an amount in exact cents, None when blank: 1.234,56 and 1234.56, minus before or after.

    "1.234" is a thousand, unless the export uses decimal points: then it cannot be told and is refused.
    Raises CellError for what is no amount in whole cents.
    """
    if not isinstance(cell, str) or isinstance(cell, cells.Unreadable) or cells.is_blank(cell):
        number = cells.number(cell, "bedrag")
        if number and not number.exact:
            raise CellError(f"bevat {cells.quoted(cell)}, meer dan twee decimalen", "Rond af op centen.")
        return number and number.hundredths
    match = _matched(cell)
    cents = _cents(match["body"], decimal_signs) if match and _signs_agree(match) else None
    if match is None or cents is None or cents >= cells.LIMIT * 100:
        raise CellError(
            f"bevat {cells.quoted(cell)} in plaats van een bedrag", "Schrijf het bedrag als 1234,56."
        )
    return -cents if "-" in (match["before"], match["after"]) or match["open"] else cents


def _signs_agree(match: re.Match[str]) -> bool:
    """Tell whether there is at most one sign, and brackets open and close."""
    signs = [match["before"], match["after"], match["open"]]
    return bool(match["open"]) == bool(match["close"]) and sum(map(bool, signs)) <= 1


def _cents(body: str, decimal_signs: Collection[str]) -> int | None:
    if body.isdecimal():
        return int(body) * 100
    sign = next((sign for sign, pattern in _DECIMALS.items() if pattern.fullmatch(body)), None)
    thousand = _THOUSAND.fullmatch(body)
    if thousand:
        other = "." if thousand[1] == "," else ","
        sign = other if set(decimal_signs or {","}) == {other} else None
    if sign is None:
        return None
    whole, _, rest = body.replace("." if sign == "," else ",", "").partition(sign)
    return int(whole) * 100 + int(rest[:2].ljust(2, "0"))


def booking_date(cell: object) -> Date | None:
    """Return (year, month, day), None when blank: 30-6-2023, 2023-06-30, 20230630, with or without a time."""
    if isinstance(cell, int | float) and len(shown := str(cells.text(cell))) == len("yyyymmdd"):
        cell = shown
    if isinstance(cell, cells.Unreadable):
        raise CellError(f"bevat {cells.shortened(cell, 60)} in plaats van een datum", "Herstel de formule.")
    if not isinstance(cell, str) or cells.is_blank(cell):
        return cells.day(cell)
    match = _DATE.fullmatch(cells.visible(cell))
    parts = [int(match[day] or match[day.swapcase()]) for day in "ymd"] if match else [0, 0, 0]
    try:
        found = dt.date(*parts)
    except ValueError as error:
        remedy = "Schrijf de datum als dag-maand-jaar."
        raise CellError(f"bevat {cells.quoted(cell)} in plaats van een datum", remedy) from error
    return found.year, found.month, found.day


# Rows

_SIDES = {"d": 1, "debet": 1, "debit": 1, "c": -1, "credit": -1}

Fault = tuple[str, str]
"""What is wrong with a row, and what to do."""


class Code(NamedTuple):
    """What a booking is known by; "" for what it does not tell."""

    account: str
    cost_centre: str


@dataclass(frozen=True, slots=True)
class Booking:
    """One row of the export as read. With faults it counts nowhere."""

    row: int
    code: Code
    date: Date | None
    amount: int | None
    """Cost in cents, negative when credited."""
    faults: tuple[Fault, ...] = ()


def read_booking(number: int, row: Sequence[object], columns: Columns) -> Booking | None:
    """Return a row of the export, None when it is blank."""
    if all(map(cells.is_blank, row)):
        return None
    faults: list[Fault] = []
    account = _read(Heading.ACCOUNT, cells.text, row, columns, faults)
    centre = _read(Heading.COST_CENTRE, cells.text, row, columns, faults)
    date = _read(Heading.DATE, booking_date, row, columns, faults)
    cents = None
    try:
        cents = signed_amount(row, columns)
    except CellError as error:
        faults.append((f"het bedrag {error.message}", error.remedy))
    faults += [] if faults else _lacking(account or centre, date, cents)
    if any(not cells.is_blank(cell) for cell in row[columns.width :]):
        remedy = "Zet een omschrijving met een scheidingsteken tussen aanhalingstekens."
        faults.append(("er zijn meer velden dan koppen", remedy))
    if any(_swallows(cell, columns.separator) for cell in row):
        message = "een aanhalingsteken sluit niet: hierin zitten meer regels van het bestand"
        faults.append((message, "Haal het aanhalingsteken weg, of exporteer als .xlsx."))
    return Booking(number, Code(account or "", centre or ""), date, cents, tuple(faults))


def _swallows(cell: object, separator: str) -> bool:
    """Tell whether a cell of a CSV file holds other lines of it: a stray quotation mark does that."""
    return bool(separator) and isinstance(cell, str) and "\n" in cell and separator in cell


def _read(
    heading: Heading, convert: Callable[[object], T], row: Sequence[object], columns: Columns,
    faults: list[Fault],
) -> T | None:  # fmt: skip
    try:
        return convert(columns.cell(row, heading))
    except CellError as error:
        faults.append((f"{heading} {error.message}", error.remedy))
        return None


def _lacking(code: str | None, date: Date | None, cents: int | None) -> list[Fault]:
    lacking = [
        name
        for name, value in (("rekening en kostenplaats", code), ("boekdatum", date), ("bedrag", cents))
        if value is None
    ]
    if not lacking:
        return []
    is_total = cents is not None and code is None
    remedy = "Is dit een totaalregel, dan is er niets te doen." if is_total else "Vul dat aan in de export."
    return [(f"leeg: {nl.listing(lacking)}", remedy)]


def signed_amount(row: Sequence[object], columns: Columns) -> int | None:
    """Return the cost of a row in cents, None when its amount is blank; credit is negative.

    Raises CellError for cells that are no amount, and for a side other than D or C.
    """

    def read(heading: Heading) -> int | None:
        return amount(columns.cell(row, heading), columns.decimal_signs)

    if Heading.AMOUNT not in columns.at:
        debit, credit = read(Heading.DEBIT), read(Heading.CREDIT)
        return None if debit is None and credit is None else (debit or 0) - (credit or 0)
    cents = read(Heading.AMOUNT)
    if cents is None or Heading.SIDE not in columns.at:
        return cents
    side = cells.text(columns.cell(row, Heading.SIDE)) or ""
    if side.casefold() not in _SIDES:
        raise CellError(f"staat bij {cells.quoted(side)}", "Zet in de kolom debet/credit een D of een C.")
    return cents * _SIDES[side.casefold()]
