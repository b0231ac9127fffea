"""Any cell at any place of a plan: findings, or the figures that the naive calculation gives."""

from sheets import raw, small

from bdur_xl.checks import run_checks
from bdur_xl.model import faults
from bdur_xl.overview import overview
from bdur_xl.parse import parse_inputs
from fuzz.cell_target import cell_of

SEEDS = (
    b"\0\1\5f5",
    b"\0\0\5t2033 s",
    b"\0\2\2tmiddelen",
    b"\2\1\1f0.5",
    b"\6\1\1t2031-05",
    b"\x08\2\1f1",
    b"\x0d\2\5d2032",
)


def check(data: bytes) -> None:
    """Type cells in the small plan, each told by table, row, column and what it holds."""
    book = small()
    for typed in data.split(b"\n")[:4]:
        if len(typed) < 4:
            continue
        key, row, column = [*book][typed[0] % len(book)], typed[1], typed[2]
        sheet = book[key]
        try:
            cell = cell_of(typed[3:4].decode("latin-1"), typed[4:].decode("utf-8", "replace"))
        except (ValueError, ArithmeticError):
            continue
        sheet[row % len(sheet)][column % len(sheet[0])] = cell
    plan, found = parse_inputs(raw(book))
    assert all(one.where and one.message and one.remedy for one in found)
    if not faults(found):
        view = overview(plan)
        run_checks(plan)
        assert sum(view.planned.values()) == sum(
            cents for line in plan.plan.lines for cents in line.amounts.values()
        )
