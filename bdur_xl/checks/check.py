"""What a check is, and how its findings name places and figures."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from bdur_xl import error_log, nl, plan_columns, tables
from bdur_xl.model import CapacityLine, Finding, Inputs, Plan, Status, open_ones
from bdur_xl.terms import Kind

Observation = tuple[str, str, str]
"""Where, what, and what to do."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its code and name, how grave a finding is, how it looks."""

    code: str
    name: str
    status: Status
    look: Callable[[Inputs], Iterator[Observation]]
    looks_at: str = ""
    """What it holds against what, in Dutch, for people."""

    def findings(self, inputs: Inputs) -> list[Finding]:
        """Return what the check finds; nothing means it holds."""
        return [Finding(self.code, self.status, *seen) for seen in self.look(inputs)]

    def outcome(self, look: Callable[[], Iterable[Finding]]) -> "Outcome":
        """Return what looking finds. A check of any class that cannot run counts as one that fails."""
        try:
            return Outcome(self, tuple(look()))
        except Exception as error:
            told = error_log.told(f"controle {self.code}", error)
            message = "deze controle kon niet worden uitgevoerd en geldt daarom als niet kloppend"
            remedy = f"Meld deze fout in bdur_xl aan de beheerder ({told})."
            seen = f"Controle {self.code}", message, remedy
            return Outcome(self, (Finding(self.code, Status.FAILED, *seen),))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check and what it found."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def gravest(self) -> Status:
        """How grave the gravest open finding is; the class of the check when there is none."""
        found = [finding.status for finding in open_ones(self.findings)]
        return min(found, key=list(Status).index, default=self.check.status)


def sheet_of(table: str) -> str:
    """Return how a finding names an input table: blad Budget, controletotalen."""
    placed = tables.INPUT_TABLES[table]
    return f"blad {placed.sheet}, {placed.csv.partition('.')[0].partition('_')[0]}"


def capacity_name(line: CapacityLine) -> str:
    """Return how a finding names a line of Tabel 1: its code and subject."""
    return f"{line.line_id} {line.subject or ''}".strip()


def split_known(inputs: Inputs, year: int) -> bool:
    """Tell whether every amount of a year counts as incidental or structural."""
    plan = inputs.plan
    return all(plan.kind_of(column) is not Kind.UNSPLIT for column in plan.columns if column.year == year)


class Lines:
    """The plan lines by column: a check of many lines makes none of them. A line is known by its position."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._lines = plan, plan.lines
        self.ids = plan_columns.line_ids(plan.lines)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def blocks(self) -> Sequence[str | None]:
        """The blok of each line."""
        return plan_columns.texts(self._lines, "block")

    @cached_property
    def themes(self) -> Sequence[str | None]:
        """The hoofdthema of each line."""
        return plan_columns.texts(self._lines, "theme")

    @cached_property
    def subthemes(self) -> Sequence[str | None]:
        """The subthema of each line."""
        return plan_columns.texts(self._lines, "subtheme")

    @cached_property
    def departments(self) -> Sequence[str | None]:
        """The afdeling of each line."""
        return plan_columns.texts(self._lines, "department")

    @cached_property
    def remarks(self) -> Sequence[str | None]:
        """The opmerking of each line."""
        return plan_columns.texts(self._lines, "remark")

    @cached_property
    def _position(self) -> dict[str, int]:
        return {line_id: at for at, line_id in enumerate(self.ids)}

    def of(self, capacity: CapacityLine) -> list[int]:
        """Return the lines of Tabel 2 that a line of Tabel 1 asks money for."""
        return [at for line in capacity.plan_lines if (at := self._position.get(line)) is not None]

    def name(self, at: int) -> str:
        """Return how a finding names a plan line: its code and subtheme."""
        return f"{self.ids[at]} {self.subthemes[at] or ''}".strip()

    @cached_property
    def rows(self) -> Sequence[tuple[int | None, ...]]:
        """What each line states per year column, in cents."""
        columns = [plan_columns.cents(self._lines, column) for column in self._plan.columns]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self)

    def states(self) -> list[bool]:
        """Tell of each line whether it states any amount."""
        nothing = (None,) * len(self._plan.columns)
        return [row != nothing for row in self.rows]

    def amounts(self, year: int, kind: Kind | None = None, block: str | None = None) -> Sequence[int | None]:
        """Return what each line costs in a year, in cents.

        None where it states nothing, or is of another block.
        """
        plan = self._plan
        columns = [
            plan_columns.cents(self._lines, column)
            for column in plan.columns
            if column.year == year and kind in (None, plan.kind_of(column))
        ]
        found = columns[0] if len(columns) == 1 else _added(columns, len(self))
        if block is None:
            return found
        return [cents if its == block else None for cents, its in zip(found, self.blocks, strict=True)]


def _added(columns: Sequence[Sequence[int | None]], count: int) -> Sequence[int | None]:
    """Return per line the sum of some columns; None where it states nothing in any."""
    if not columns:
        return [None] * count
    nothing = (None,) * len(columns)
    return [None if row == nothing else sum(filter(None, row)) for row in zip(*columns, strict=True)]


def total(amounts: Iterable[int | None]) -> int | None:
    """Return the sum of amounts, in cents; None when none is stated."""
    stated = [one for one in amounts if one is not None]
    return sum(stated) if stated else None


def per_year(amounts: Mapping[int, int]) -> str:
    """Write amounts per year, equal years together: 2030: € 5 en 2031–2033: € 7."""
    apart = {year: year - place for place, year in enumerate(amounts)}  # the same for years in a row
    runs = [
        [year for year, _ in run]
        for _, run in groupby(amounts.items(), key=lambda one: (one[1], apart[one[0]]))
    ]
    return nl.listing(f"{_span(years)}: {nl.euro(amounts[years[0]])}" for years in runs)


def _span(years: list[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def letters(text: str | None) -> str:
    """Return only the letters and digits of a name: spaces, points and hyphens do not count."""
    return "".join(filter(str.isalnum, nl.fold(text or "")))
