"""Bookings -> what was spent per plan line and year: every row of the export in exactly one group."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bdur_xl import nl
from bdur_xl.ledger import Booking, Code, Columns, read_booking
from bdur_xl.model import Actual, Date, LedgerRule
from bdur_xl.tables import INPUT_TABLES


class Group(StrEnum):
    """Where a row of the export ends up."""

    IMPORTED = "ingelezen"
    UNMAPPED = "niet gekoppeld aan een planregel"
    LATER = "na de peildatum"
    OTHER_YEAR = "buiten de jaren van het plan"
    UNREADABLE = "niet leesbaar"
    BLANK = "lege rij"


@dataclass(slots=True)
class Tally:
    """Rows counted, and their amounts in cents added up; a row without readable amount adds nothing."""

    rows: int = 0
    amount: int = 0

    def add(self, amount: int | None) -> None:
        """Count one row more."""
        self.rows += 1
        self.amount += amount or 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be read: its number in the export, what is wrong, what to do."""

    row: int
    amount: int | None
    message: str
    remedy: str


@dataclass(frozen=True)
class Import:
    """What became of every row of an export."""

    until: Date
    """Peildatum: the last day that counts."""
    groups: Mapping[Group, Tally] = field(default_factory=lambda: {group: Tally() for group in Group})
    spent: dict[tuple[int, str], Tally] = field(default_factory=dict)
    """Per year and plan line what was imported."""
    unmapped: dict[Code, Tally] = field(default_factory=dict)
    """Per account and cost centre what no rule, or more than one, gives a plan line."""
    ambiguous: dict[Code, tuple[str, ...]] = field(default_factory=dict)
    """Those that two rules give different plan lines, with these lines."""
    refused: list[Refused] = field(default_factory=list)

    @property
    def total(self) -> Tally:
        """All rows of the export, group by group."""
        groups = self.groups.values()
        return Tally(sum(one.rows for one in groups), sum(one.amount for one in groups))


class Rules:
    """The plan line of a booking: a rule on account and cost centre goes before a rule on one of them."""

    def __init__(self, rules: Iterable[LedgerRule]) -> None:
        self._lines = {
            Code(nl.fold(rule.account or ""), nl.fold(rule.cost_centre or "")): rule.line_id for rule in rules
        }

    def lines(self, code: Code) -> tuple[str, ...]:
        """Return the plan line of a booking; none when no rule knows it, two when rules disagree."""
        account, centre = map(nl.fold, code)
        if exact := self._lines.get(Code(account, centre)):
            return (exact,)
        found = (self._lines.get(Code(account, "")), self._lines.get(Code("", centre)))
        return tuple(dict.fromkeys(line for line in found if line))


def allocate(
    rows: Iterable[tuple[int, Sequence[object]]],
    columns: Columns,
    rules: Iterable[LedgerRule],
    years: Collection[int],
    until: Date,
) -> Import:
    """Return what became of each (number, cells) of an export.

    Years before that of the peildatum count whole; of its own year the bookings up to and including it.
    """
    found, known = Import(until), Rules(rules)
    for number, row in rows:
        booking = read_booking(number, row, columns)
        group = _group(booking, known, years, found)
        found.groups[group].add(booking.amount if booking else None)
    return found


def _group(booking: Booking | None, rules: Rules, years: Collection[int], found: Import) -> Group:
    """Return where a booking belongs, and note it there."""
    if booking is None:
        return Group.BLANK
    if booking.faults or booking.date is None:
        message = "; ".join(fault for fault, _ in booking.faults)
        remedy = " ".join(dict.fromkeys(remedy for _, remedy in booking.faults))
        found.refused.append(Refused(booking.row, booking.amount, message, remedy))
        return Group.UNREADABLE
    if booking.date > found.until:
        return Group.LATER
    if booking.date[0] not in years:
        return Group.OTHER_YEAR
    lines = rules.lines(booking.code)
    if len(lines) == 1:
        found.spent.setdefault((booking.date[0], lines[0]), Tally()).add(booking.amount)
        return Group.IMPORTED
    found.unmapped.setdefault(booking.code, Tally()).add(booking.amount)
    if lines:
        found.ambiguous[booking.code] = lines
    return Group.UNMAPPED


def actual_rows(found: Import, present: Iterable[Actual] = ()) -> list[tuple[object, ...]]:
    """Return the table of realisatie, headings first: what was imported, per year and line.

    Rows already `present` stay for years the import says nothing of; those of its years are replaced.
    """
    years = {year for year, _ in found.spent}
    kept = [
        (one.line_id, one.year, _euros(one.amount), dt.date(*one.until), one.note)
        for one in present
        if one.year not in years
    ]
    imported = [
        (line, year, _euros(tally.amount), dt.date(*end_of(year, found.until)),
         f"grootboek, {nl.plural(tally.rows, 'boeking', 'boekingen')}")
        for (year, line), tally in found.spent.items()
    ]  # fmt: skip
    headings = tuple(column.heading for column in INPUT_TABLES["actuals"].columns)
    return [headings, *sorted([*kept, *imported], key=lambda row: (row[1], row[0]))]


def end_of(year: int, until: Date) -> Date:
    """Return the day up to which a year counts, for this peildatum."""
    return until if until[0] == year else (year, 12, 31)


def _euros(cents: int) -> int | Decimal:
    return cents // 100 if cents % 100 == 0 else Decimal(cents) / 100
