"""The current workbook with what an older or edited one holds, and whether its figures are the same."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bdur_xl.build.workbook import workbook_bytes
from bdur_xl.files import old_workbook, own_sheets
from bdur_xl.files.opened import Opened, open_workbook
from bdur_xl.files.references import References
from bdur_xl.model import Finding, Inputs, faults
from bdur_xl.parse import parse_inputs
from bdur_xl.tables import INPUT_TABLES, RawTable
from bdur_xl.upgrade import (
    Carried,
    Formulas,
    Kind,
    Lost,
    Proof,
    cells_of,
    every_table,
    figures_in_cells,
    idle_explanations,
    memo_is_current,
    prove,
    shown_otherwise,
    unequal_cells,
)


class Faulty(Exception):  # noqa: N818  # the workbook is at fault, not the program
    """An old workbook with cells that cannot be read: it gives no figures that could be proven equal."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} fouten")
        self.findings = findings


@dataclass(frozen=True)
class Upgraded:
    """The new workbook, not yet delivered, and what is known of it."""

    package: bytes
    carried: Carried
    proof: Proof
    lost: tuple[Lost, ...]
    cells: int
    """Input cells that hold something."""
    added: tuple[str, ...]
    """Input tables that the old workbook lacked."""
    differing: tuple[str, ...]
    """Figures that the old workbook itself showed otherwise."""
    notes: tuple[Finding, ...]
    """What reading its cells told, and explanations that fit no finding."""


def upgraded(path: Path, now: dt.datetime) -> Upgraded:
    """Return the current workbook with what an older one holds, read back and held against it.

    Built twice: first from the input alone, to see where everything now stands, then with the
    formulas and sheets of staff's own that still mean there what they meant. The file at `path`
    is only read. Raises BookError when it cannot be, Faulty when its input is not whole.
    """
    old = open_workbook(path)
    inputs, notes = _understood(old)
    history, figures = old_workbook.history_of(old), figures_in_cells(inputs)
    carried = Carried(path.name, now, history, memo_is_current(history, figures))
    package, new = _built(old, inputs, carried, {})
    lost: list[Lost] = []
    ours = own_sheets.our_sheets(old, new)
    going, not_going = own_sheets.own_sheets(old, new, ours)
    names = old_workbook.own_names(old, new, going, lost)
    references = References(old, new, going, names)
    formulas = old_workbook.input_formulas(old, references, lost)
    if going or names or formulas:
        sheets = tuple(own_sheets.copied(old, title, references, lost) for title in going)
        carried = replace(carried, sheets=sheets, names=names)
        package, new = _built(old, inputs, carried, formulas)
    lost += not_going
    lost += (Lost(Kind.NAME, "Namen", name) for name in names if name not in new.book.defined_names)
    lost += unequal_cells(old.tables, new.tables, formulas)
    lost += (one for title in going for one in own_sheets.unequal(old, new, title))
    lost += old_workbook.leftovers(old, new, ours)
    lost += old_workbook.figures_left_out(history, new)
    after, later = _understood(new)
    return Upgraded(
        package,
        carried,
        prove(inputs, after, notes, later),
        tuple(lost),
        sum(cell not in ("", None) for raw in old.tables.values() for _, row in raw.rows for cell in row),
        tuple(f"{one.sheet} ({one.table})" for key, one in INPUT_TABLES.items() if key not in old.tables),
        tuple(shown_otherwise(history, figures)),
        (*notes, *idle_explanations(inputs)),
    )


def _understood(opened: Opened) -> tuple[Inputs, list[Finding]]:
    inputs, found = parse_inputs(opened.tables)
    if wrong := faults(found):
        raise Faulty(wrong)
    return inputs, found


def _built(old: Opened, inputs: Inputs, carried: Carried, formulas: Formulas) -> tuple[bytes, Opened]:
    """Return the new workbook, and what is read back of it from disk."""
    raw: dict[str, RawTable] = {
        key: cells_of(key, table, formulas.get(key, {})) for key, table in every_table(old.tables).items()
    }
    package = workbook_bytes(raw, inputs, carried)
    with TemporaryDirectory() as folder:
        draft = Path(folder, "nieuw.xlsm")
        draft.write_bytes(package)
        return package, open_workbook(draft)
