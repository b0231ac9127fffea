"""Realisatie: what was spent against the plan, what the rest of the year brings, and why.

The expectation of a year is what was spent up to the peildatum plus the plan for the months after
it. Cents are rounded once, per line, so that the lines add up to the total.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from typing import NamedTuple

from bdur_xl import nl, plan_lines
from bdur_xl.budget import in_house_cost, months_in_service, structural_staff_costs
from bdur_xl.model import Date, Inputs, Intake, Plan
from bdur_xl.plan_lines import Lines
from bdur_xl.terms import MONTHS_PER_YEAR, Kind

DECEMBER_31 = (12, 31)

NOTHING_YET = "nog geen realisatie"

MOST_LINES = 3
"""Lines that the sentence on a year names as what its difference comes from."""


class Comparison(NamedTuple):
    """Plan against actual, of one line in one year or of its total. Cents; None is not known."""

    planned: int | None
    """The plan for the whole year, as Tabel 2 states it."""
    to_date: int | None
    """The plan up to and including the peildatum, with staff starting as Instroom says."""
    actual: int | None
    """What was spent up to and including the peildatum."""
    expected: int | None
    """What the whole year will cost: spent, plus the plan for the months after the peildatum."""
    later: int = 0
    """What the year costs less because staff start later than 1 January."""

    @property
    def left_to_date(self) -> int | None:
        """Plan to date less actual: negative when more was spent than planned.

        Here and in `left` a line without a plan counts as nothing planned.
        """
        return None if self.actual is None or self.expected is None else (self.to_date or 0) - self.actual

    @property
    def left(self) -> int | None:
        """Plan of the year less what is expected: negative when the year will cost more."""
        return None if self.expected is None else (self.planned or 0) - self.expected


class Analysis(NamedTuple):
    """The yearly analysis of one year: its total and each plan line with a plan or an actual."""

    year: int
    until: Date | None
    """Peildatum; None when nothing is known of this year yet."""
    total: Comparison
    lines: Mapping[str, Comparison]

    @property
    def is_closed(self) -> bool:
        """True when the whole year is known, of every line with a plan."""
        return self.until is not None and self.until[1:] == DECEMBER_31 and not self.unknown

    @property
    def unknown(self) -> tuple[str, ...]:
        """The lines without an actual, in a year that has some."""
        known = self.until is not None
        return tuple(line for line, one in self.lines.items() if known and one.actual is None)


def months_until(until: Date) -> Fraction:
    """Return how many months of its year have passed at the end of a day: 30 June gives 6.

    A month under way counts by its days.
    """
    from calendar import monthrange  # takes as long to load as the rest of this module

    year, month, day = until
    return month - 1 + Fraction(day, monthrange(year, month)[1])


def cost_until(
    cost: int, staff: int, intake: Intake | None, year: int, norm: int | None, months: Fraction | int
) -> Fraction:
    """Return what a line costs in the first months of a year, in cents.

    Its cost spreads evenly over twelve months, but for the structural staff cost `staff` of people
    not yet in house: that spreads over the months from their start. Source: memo, NB under Tabel 2.
    """
    spread = Fraction(cost) * months
    if intake is not None:
        before = MONTHS_PER_YEAR - months_in_service(intake.start, year)
        spread -= (staff - in_house_cost(staff, intake, norm)) * min(before, months)
    return spread / MONTHS_PER_YEAR


def analyses(inputs: Inputs) -> tuple[Analysis, ...]:
    """Return the analysis of every year of the plan, ascending. Source: memo, last sentence of par. 4.

    A line without an actual is expected to cost what was planned: absent is not nil. Nothing is
    expected of a year whose split in incidenteel and structureel is not known.
    """
    return tuple(_analysis(inputs, year) for year in inputs.plan.years)


def _analysis(inputs: Inputs, year: int) -> Analysis:
    until = next((one.until for one in inputs.actuals if one.year == year), None)
    lines = _Lines(partial(_compared_lines, inputs, year, until))
    if until is None:
        planned = plan_lines.total(Lines(inputs.plan).amounts(year))
        return Analysis(year, until, Comparison(planned, None, None, None), lines)
    return Analysis(year, until, _total(lines.values()), lines)


class _Lines(Mapping[str, Comparison]):
    """Each line of an analysis, made when first asked for: of a year without actuals nobody may."""

    def __init__(self, made: Callable[[], dict[str, Comparison]]) -> None:
        self._make = made

    @cached_property
    def _made(self) -> dict[str, Comparison]:
        return self._make()

    def __getitem__(self, line_id: str) -> Comparison:
        return self._made[line_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _compared_lines(inputs: Inputs, year: int, until: Date | None) -> dict[str, Comparison]:
    actuals = _actuals(inputs, year)
    staff = structural_staff_costs(inputs.plan, year)
    months = None if until is None or _split_unknown(inputs.plan, year) else months_until(until)
    lines = Lines(inputs.plan)
    found = {}
    for line_id, planned in zip(lines.ids, lines.amounts(year), strict=True):
        actual = actuals.get(line_id)
        if planned is None and actual is None:
            continue
        if months is None:
            found[line_id] = Comparison(planned, None, actual, None)
            continue
        phased = _Phased.of(inputs, line_id, planned or 0, staff.get(line_id, 0), year, months)
        found[line_id] = _compared(planned, actual, phased)
    return found


def _actuals(inputs: Inputs, year: int) -> dict[str, int]:
    spent: dict[str, int] = {}
    for one in inputs.actuals:
        if one.year == year:
            spent[one.line_id] = spent.get(one.line_id, 0) + one.amount
    return spent


def _split_unknown(plan: Plan, year: int) -> bool:
    return any(column.year == year and plan.kind_of(column) is Kind.UNSPLIT for column in plan.columns)


class _Phased(NamedTuple):
    """A line's plan up to the peildatum and of the whole year, each rounded to whole cents."""

    to_date: int
    year: int

    @classmethod
    def of(cls, inputs: Inputs, line: str, cost: int, staff: int, year: int, months: Fraction) -> "_Phased":
        norm, intake = inputs.premises.norm_per_fte, inputs.intake.get(line)
        to_date, whole = (
            cost_until(cost, staff, intake, year, norm, passed) for passed in (months, MONTHS_PER_YEAR)
        )
        return cls(nl.round_half_up(to_date), nl.round_half_up(whole))


def _compared(planned: int | None, actual: int | None, phased: _Phased) -> Comparison:
    later = (planned or 0) - phased.year
    if actual is None:
        return Comparison(planned, None, None, phased.year, later)
    to_date = None if planned is None else phased.to_date
    return Comparison(planned, to_date, actual, actual + phased.year - phased.to_date, later)


def _total(lines: Iterable[Comparison]) -> Comparison:
    """Return the sum of the lines; a figure that no line has is not known."""
    every = tuple(lines)

    def total(figures: Iterable[int | None]) -> int | None:
        known = [figure for figure in figures if figure is not None]
        return sum(known) if known else None

    return Comparison(
        planned=total(one.planned for one in every),
        to_date=total(one.to_date for one in every),
        actual=total(one.actual for one in every),
        expected=total(one.expected for one in every),
        later=sum(one.later for one in every),
    )


# What staff and board read


def latest(found: Sequence[Analysis]) -> Analysis | None:
    """Return the last analysis made: that of the last year with actuals; None without any."""
    return next((one for one in reversed(found) if one.until), None)


def duty(found: Sequence[Analysis]) -> tuple[str, ...]:
    """Return, as sentences, the promise of a yearly analysis, how far it is kept, and the last outcome.

    Source: memo, last sentence of par. 4.
    """
    if not found:
        return ()
    last, open_years = latest(found), [str(one.year) for one in found if not one.is_closed]
    done = "Er is nog geen realisatie ingevuld; er is nog geen analyse gemaakt."
    if last and last.until:
        done = f"De laatste analyse heeft als peildatum {nl.date(*last.until)}."
    to_do = f"Nog niet over een heel jaar: {nl.listing(open_years)}." if open_years else ""
    return (
        f"De besteding wordt elk jaar geanalyseerd, in ieder geval tot en met {found[-1].year}.",
        done,
        to_do or "Over alle jaren van het plan is de analyse gemaakt.",
        *([f"{year_sentence(last)}."] if last else []),
    )


def year_sentence(one: Analysis) -> str:
    """Return the outcome of one year in words, with its figures."""
    total = one.total
    if one.until is None:
        return NOTHING_YET
    if total.left_to_date is None or total.left is None:
        spent = nl.euro(total.actual)
        return f"T/m {nl.date(*one.until)} is {spent} uitgegeven; zonder splitsing i/s is er geen verwachting"
    spent = f"{nl.euro(total.actual)} uitgegeven, {_against(total.left_to_date)}"
    if one.is_closed:
        text = f"In heel {one.year} is {spent}"
    else:
        year = f"verwacht over heel {one.year}: {nl.euro(total.expected)}, {_against(total.left)}"
        text = f"T/m {nl.date(*one.until)} is {spent}; {year}"
    return "; ".join((text, *_notes(one)))


def year_note(one: Analysis) -> str:
    """Return which lines the difference of a year comes from, and which have no actual yet."""
    return NOTHING_YET if one.until is None else "; ".join(_notes(one))


def _notes(one: Analysis) -> Iterable[str]:
    """Name the lines that pull the total the way it goes, the largest first; count those without actual."""
    total = one.total.left or 0
    pulls = {line: (compared.left or 0) * total for line, compared in one.lines.items()}
    found = sorted((line for line, pull in pulls.items() if pull > 0), key=lambda line: -pulls[line])
    if found:
        yield f"vooral door {nl.listing(found[:MOST_LINES])}"
    if one.unknown:
        yield f"{nl.plural(len(one.unknown), 'regel heeft', 'regels hebben')} nog geen realisatie"


def _against(left: int) -> str:
    if left == 0:
        return "precies volgens de raming"
    return f"{nl.euro(abs(left))} {'minder' if left > 0 else 'meer'} dan geraamd"


def cause(one: Comparison, until: Date | None) -> str:
    """Return in words what the difference of a line comes from; "" when nothing is known of the year."""
    if until is None:
        return ""
    texts = [f"latere instroom: {nl.euro(one.later)} minder"] if one.later else []
    if one.actual is None:
        texts.append(f"{NOTHING_YET}: gerekend met de raming")
    elif one.planned is None:
        texts.append("uitgaven zonder raming")
    elif one.left_to_date is not None:
        _, month, day = until
        texts.append(f"t/m {day} {nl.MONTHS[month - 1]} {_against(one.left_to_date)}")
    return "; ".join(texts)
