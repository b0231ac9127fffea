"""What is asked of all plan lines at once, by column: of a large plan no line is made for it."""

from collections.abc import Container, Iterable, Sequence
from functools import cached_property

from bdur_xl import plan_columns
from bdur_xl.model import CapacityLine, Plan
from bdur_xl.terms import Kind


class Lines:
    """The lines of a plan by column; a line is known by its position."""

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

    def of(self, capacity: CapacityLine) -> list[int]:
        """Return the lines of Tabel 2 that a line of Tabel 1 asks money for."""
        at = plan_columns.positions(self.ids)
        return [at[line] for line in capacity.plan_lines if line in at]

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

    def loose(self, served: Container[str]) -> list[int]:
        """Return the lines with an estimate that are not among those that serve a focus area."""
        stated = zip(self.ids, self.states(), strict=True)
        return [at for at, (line_id, states) in enumerate(stated) if states and line_id not in served]

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
