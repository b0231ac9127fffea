"""The plan as staff wrote it: frozen values, no calculation.

Amounts are whole cents, fte are hundredths: both exact. A blank cell has no
entry: *geen raming* is not € 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from bdur_xl.terms import HEADING, NATIONAL, PERSONNEL, POLICY_PLAN, Kind, Level

Date = tuple[int, int, int]
"""A day as (year, month, day)."""

_NONE: Mapping[Any, Any] = MappingProxyType({})
"""Of what a plan need not have."""


def exact(amount: int | Fraction) -> int:
    """Return an amount as the plan holds it: whole cents where they are whole, else the fraction itself.

    Fractions of cents exist in scenarios only. Every calculation and every way of writing an
    amount takes them as it takes whole cents, and rounds once, at the end; so the type stays int.
    """
    return amount.numerator if amount.denominator == 1 else cast(int, amount)


class YearColumn(NamedTuple):
    """One amount column of Tabel 2: a calendar year, split or not."""

    year: int
    kind: Kind


class PlanLine(NamedTuple):
    """One line of Tabel 2: what one subtheme costs in one blok.

    `amounts` holds cents per column; a column without an entry is *geen raming*.
    Typed are whole cents; those of a scenario may be exact fractions of cents.
    """

    line_id: str
    theme: str | None
    block: str
    subtheme: str | None
    amounts: Mapping[YearColumn, int]
    department: str | None = None
    remark: str | None = None
    place: str = ""


class _Tabel2(NamedTuple):
    """What a plan is made of."""

    columns: tuple[YearColumn, ...]
    lines: Sequence[PlanLine]
    unsplit_as: Kind | None = None
    """What a year without i/s split counts as: an assumption, None when not made."""


class Plan(_Tabel2):
    """Tabel 2: the lines and the year columns they are stated in, with what follows from them."""

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the plan, ascending."""
        return tuple(sorted({column.year for column in self.columns}))

    @cached_property
    def assumed_years(self) -> tuple[int, ...]:
        """Years whose i/s split rests on the assumption `unsplit_as`."""
        unsplit = {column.year for column in self.columns if column.kind is Kind.UNSPLIT}
        return tuple(sorted(unsplit)) if self.unsplit_as else ()

    @cached_property
    def structural_in(self) -> Mapping[int, tuple[YearColumn, ...]]:
        """Per calendar year of the plan the columns that count as structural."""
        columns = [column for column in self.columns if self.kind_of(column) is Kind.STRUCTURAL]
        return {year: tuple(column for column in columns if column.year == year) for year in self.years}

    def kind_of(self, column: YearColumn) -> Kind:
        """Return the kind a column counts as, the assumption applied."""
        if column.kind is Kind.UNSPLIT and self.unsplit_as:
            return self.unsplit_as
        return column.kind


class BudgetYear(NamedTuple):
    """The grant of one year in cents, net of the national share (memo, par. 1 and Tabel 2)."""

    year: int
    rounded: int | None
    exact: int | None
    source: str | None = None
    status: str | None = None
    cut: Fraction = Fraction(0)
    """Share taken off the grant (korting), 0 to 1: an assumption of staff."""
    national: int | None = None
    """The amount for all regions together, in cents, gross (memo, par. 1)."""
    national_source: str | None = None
    place: str = ""


class Goal(NamedTuple):
    """A goal of the grant (RCDV) or an objective of the regional policy plan (RBP)."""

    goal_id: str
    frame: str
    parent: str | None
    text: str
    kind: str
    source: str | None = None
    place: str = ""

    @property
    def is_objective(self) -> bool:
        """True for an objective of a regional policy plan, False for a goal of the grant."""
        return self.frame.casefold().startswith(POLICY_PLAN.casefold())

    @property
    def is_heading(self) -> bool:
        """True for an opgave: it only groups the objectives under it."""
        return self.kind.casefold() == HEADING

    @property
    def is_national(self) -> bool:
        """True when the goal's money is top-sliced nationally (memo, par. 2)."""
        return self.kind.casefold().startswith(NATIONAL)


class FocusArea(NamedTuple):
    """An aandachtsgebied: belongs to one RCDV goal, names RBP objectives (memo, par. 4)."""

    area_id: str
    text: str
    goal_id: str
    objectives: tuple[str, ...]
    place: str = ""


class Link(NamedTuple):
    """The judgement that a plan line serves a focus area, at some level."""

    line_id: str
    area_id: str | None
    level: Level
    ground: str | None = None
    place: str = ""


class CapacityColumn(NamedTuple):
    """One figure column of Tabel 1."""

    block: str
    kind: Kind
    year: int
    extra: bool
    """True when the figure comes on top of the year before ("bovenop")."""
    unit: str
    """"eur" or "fte"."""

    @property
    def label(self) -> str:
        """The column's heading in the workbook."""
        subject = "capaciteit" if self.block == PERSONNEL else "middelen"
        extra = " extra" if self.extra else ""
        unit = "€" if self.unit == "eur" else "fte"
        return f"{subject} {self.kind} {self.year}{extra} ({unit})"


class CapacityLine(NamedTuple):
    """One line of Tabel 1. `figures` holds cents or hundredths of an fte."""

    line_id: str
    theme: str | None
    subject: str | None
    figures: Mapping[CapacityColumn, int]
    department: str | None = None
    plan_lines: tuple[str, ...] = ()
    remark: str | None = None
    place: str = ""


class Intake(NamedTuple):
    """When the staff of one fte line start (memo, NB under Tabel 2).

    `start` is (year, month), None for "the whole plan"; `in_house` is the
    hundredths of an fte already in service (memo, footnote of Tabel 1).
    """

    line_id: str
    start: tuple[int, int] | None
    in_house: int = 0
    ground: str | None = None
    place: str = ""


class ControlTotal(NamedTuple):
    """A total as printed in the memo, to hold the lines against. Cents or hundredths."""

    table: str
    column: YearColumn | CapacityColumn
    total: int
    source: str | None = None
    place: str = ""


class Actual(NamedTuple):
    """What was spent on a plan line in a year, up to and including a day (realisatie), in cents."""

    line_id: str
    year: int
    amount: int
    until: Date
    """Peildatum: the day up to which the ledger was read. It lies in the year."""
    note: str | None = None
    place: str = ""


class FromYear(NamedTuple):
    """A share (0 to 1) that counts from a year on."""

    share: Fraction
    year: int


class ExtraCost(NamedTuple):
    """Incidental cost that a scenario adds to one plan line, in each year from `first` to `last`."""

    line_id: str
    first: int
    last: int
    price: int
    """Cents a year: per fte, or in all when no fte are named. In prices of the year itself."""
    fte: int | None = None
    """Hundredths of an fte."""

    @property
    def amount(self) -> int | Fraction:
        """The cost of one year, in cents."""
        return self.price if self.fte is None else Fraction(self.price * self.fte, 100)


class Scenario(NamedTuple):
    """One what-if: what differs from the plan as it stands. What is left out stays as it is."""

    name: str
    text: str | None = None
    start: tuple[int, int] | None = None
    """(year, month) in which all structural staff start."""
    in_house: int = 0
    """Hundredths of an fte already in service before `start`."""
    cut: FromYear | None = None
    """Korting: the share taken off the grant, instead of that of the sheet Budget."""
    indexation: FromYear | None = None
    """Rise of all planned cost, every year again from its year on."""
    extra: ExtraCost | None = None
    carry_over: bool = True
    """False when nothing of a year's room, nor its deficit, goes to the next year."""
    place: str = ""


class LedgerRule(NamedTuple):
    """The plan line that bookings on an account, on a cost centre, or on both together belong to."""

    account: str | None
    cost_centre: str | None
    line_id: str
    place: str = ""


class Reservation(NamedTuple):
    """Money to set apart from the room. `amount` is cents a year; None when not known yet: not nil."""

    name: str
    first: int | None = None
    last: int | None = None
    amount: int | None = None
    ground: str | None = None
    place: str = ""

    def counts_in(self, year: int) -> bool:
        """Tell whether money is set apart in a year; without years it is in every one."""
        return (self.first or year) <= year <= (self.last or year)


class Premises(NamedTuple):
    """The uitgangspunten: whose plan this is, and the assumptions made."""

    region: str = ""
    region_short: str = ""
    addressee: str = ""
    subject: str = ""
    status: str = ""
    reference_date: Date | None = None
    """Peildatum as (year, month, day)."""
    norm_per_fte: int | None = None
    """Cost of one fte for one year, in cents."""
    unsplit_as: Kind | None = None
    changes_since: tuple[int, int, int] | None = None
    """Day of the earlier version that the memo tells the changes from, as (year, month, day)."""
    intake_months: tuple[tuple[int, int], ...] = ()
    """Start months (year, month) the memo wants worked out."""
    indexation_agreed: str | None = None
    """What is agreed on indexing wages and prices; None when nothing is."""
    carry_over_agreed: str | None = None
    """What is agreed on carrying a balance over to the next year; None when nothing is."""
    price_level: Mapping[int, Fraction] = _NONE
    """Per year how far a scenario's indexation raised all prices; 1 for a year not named."""
    carries_over: bool = True
    """False when a scenario lets no year's balance go to the next."""

    def norm_in(self, year: int) -> int | None:
        """Return the cost of one fte in a year, at that year's prices, in exact cents."""
        level = self.price_level.get(year)
        if self.norm_per_fte is None or level is None:
            return self.norm_per_fte
        return exact(self.norm_per_fte * level)


class Explanation(NamedTuple):
    """Why staff leave one finding as it is. It holds as long as the finding says the same."""

    code: str
    where: str
    message: str
    reason: str
    place: str = ""


class Inputs(NamedTuple):
    """Everything that staff type, read and understood."""

    plan: Plan
    budget: Mapping[int, BudgetYear] = _NONE
    goals: tuple[Goal, ...] = ()
    areas: tuple[FocusArea, ...] = ()
    links: tuple[Link, ...] = ()
    capacity: tuple[CapacityLine, ...] = ()
    intake: Mapping[str, Intake] = _NONE
    control_totals: tuple[ControlTotal, ...] = ()
    premises: Premises = Premises()
    explanations: tuple[Explanation, ...] = ()
    capacity_columns: tuple[CapacityColumn, ...] = ()
    """The figure columns of Tabel 1 in their order on the sheet."""
    texts: Iterable[tuple[str, str]] = ()
    """Place and text of every cell with text in an input table, own columns included."""
    properties: Mapping[str, str] = _NONE
    """The properties of the file that may name a person, by their Dutch name."""
    actuals: tuple[Actual, ...] = ()
    ledger_map: tuple[LedgerRule, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    reservations: tuple[Reservation, ...] = ()


class Status(StrEnum):
    """How grave a finding is, gravest first."""

    FAULT = "invoerfout"
    """An input that cannot be read for sure: no figures are given."""
    FAILED = "klopt niet"
    """A check that must hold does not."""
    DEVIATION = "afwijking"
    SIGNAL = "signaal"
    QUESTION = "vraag"


EXPLAINED = "toegelicht"
"""What a finding shows instead of its status once staff have explained it."""


class Finding(NamedTuple):
    """One thing staff should know: where it is, what it is, what to do."""

    code: str
    status: Status
    where: str
    message: str
    remedy: str
    explained: str | None = None
    """Why staff leave it as it is; None while it is open."""

    @property
    def verdict(self) -> str:
        """How grave it is, or that it is explained."""
        return EXPLAINED if self.explained else str(self.status)

    @property
    def advice(self) -> str:
        """What to do, or why nothing has to be done."""
        return f"Toegelicht: {self.explained}" if self.explained else self.remedy


def open_ones(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that staff have not explained."""
    return [finding for finding in findings if not finding.explained]


def faults(findings: list[Finding]) -> list[Finding]:
    """Return the findings that forbid giving figures."""
    return [finding for finding in findings if finding.status is Status.FAULT]
