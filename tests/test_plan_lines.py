"""What is asked of all plan lines at once is what the lines themselves say, read either way."""

from hypothesis import given
from test_plan_columns import both, ranges

from bdur_xl.model import CapacityLine, Plan
from bdur_xl.plan_lines import Lines, total
from bdur_xl.tables import RawTable
from bdur_xl.terms import BLOCKS, Kind


def of_each(plan: Plan, year: int, kind: Kind | None, block: str | None) -> list[int | None]:
    """Return what each line costs in a year, line by line."""
    return [
        total(
            cents
            for column, cents in line.amounts.items()
            if column.year == year and kind in (None, plan.kind_of(column)) and block in (None, line.block)
        )
        for line in plan.lines
    ]


@given(ranges())
def test_columns_say_what_the_lines_say(table: RawTable) -> None:
    for plan in both(table)[:2]:
        lines = Lines(plan)
        names = lines.ids, lines.blocks, lines.themes, lines.subthemes, lines.departments, lines.remarks
        assert list(zip(*names, strict=True)) == [
            (one.line_id, one.block, one.theme, one.subtheme, one.department, one.remark)
            for one in plan.lines
        ]
        assert lines.states() == [bool(line.amounts) for line in plan.lines]
        assert lines.rows == [tuple(map(line.amounts.get, plan.columns)) for line in plan.lines]
        for year in (*plan.years, 2000):
            for kind in (None, *Kind):
                for block in (None, *BLOCKS):
                    assert list(lines.amounts(year, kind, block)) == of_each(plan, year, kind, block)


@given(ranges())
def test_a_line_is_found_by_its_code_or_not_at_all(table: RawTable) -> None:
    plan = both(table)[0]
    ids = [line.line_id for line in plan.lines]
    lines = Lines(plan)
    asks = CapacityLine("T1", None, None, {}, plan_lines=(ids[-1], "elders", ids[0], ids[0]))
    assert lines.of(asks) == [len(ids) - 1, 0, 0]
    served = set(ids[::2])
    assert [ids[at] for at in lines.loose(served)] == [
        line.line_id for line in plan.lines if line.amounts and line.line_id not in served
    ]
