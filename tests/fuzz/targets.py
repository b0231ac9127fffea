"""What is fuzzed: per target its check, its seeds, and whether its inputs are Office files."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from fuzz import cell_target, package_targets, snapshot_target, table_target


class Target(NamedTuple):
    """Something that takes what comes from outside."""

    what: str
    check: Callable[[bytes], None]
    """Raises when a promise is broken."""
    seeds: Callable[[], Iterable[bytes]]
    is_package: bool = False


TARGETS = {
    "cell": Target("elke omzetter van cellen", cell_target.check, lambda: cell_target.SEEDS),
    "table": Target("een cel ergens in een plan", table_target.check, lambda: table_target.SEEDS),
    "snapshot": Target("het lezen van momentopnamen", snapshot_target.check, snapshot_target.seeds),
    "workbook": Target(
        "de lezer van werkmappen", package_targets.check_workbook, package_targets.workbooks, True
    ),
    "memo": Target("de lezer van memo's", package_targets.check_memo, package_targets.memos, True),
    "template": Target(
        "het invullen van sjablonen", package_targets.check_template, package_targets.templates, True
    ),
}
