"""Rules about the code itself."""

import ast
import csv
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "bdur_xl"
EDGES = {"cli", "screen"}
"""Module and package that talk to a terminal; all others directly in the package are the core."""

CORE = sorted(
    path for path in [*PACKAGE.glob("*.py"), *PACKAGE.glob("checks/*.py")] if path.stem not in EDGES
)
ALL = sorted(PACKAGE.rglob("*.py"))
EXACT = [PACKAGE / f"{name}.py" for name in
         ("model", "terms", "tables", "rows", "parse", "plan_lines", "budget", "goals", "overview",
          "scenarios", "answers", "nl")]  # fmt: skip
EXACT += sorted(PACKAGE.glob("checks/*.py"))
"""Modules that hold or add up amounts. `cells` turns a spreadsheet's floats into cents and
`as_json` and `functions` turn cents into what others read: their floats are meant."""

EXAMPLES = {
    "cells.py": "zoals",  # what to type instead
    "rows.py": "2027",  # a remedy shows headings
    "registry.py": "2027",  # examples in the help of the functions
    "tables.py": "memo 23 februari 2023",  # the source of an assumption
}
"""The one kind of string per module in which a year may stand, and why."""


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def constants(path: Path) -> Iterator[object]:
    """Yield the constants of a module; docstrings and the strings below a value are left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    yield from (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in told)


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_imports_the_standard_library_and_itself(path: Path) -> None:
    known = sys.stdlib_module_names | {"bdur_xl"}
    assert {name.partition(".")[0] for name in imports_of(path)} <= known
    outside = ("bdur_xl.files", "bdur_xl.build", *(f"bdur_xl.{edge}" for edge in EDGES))
    assert not [name for name in imports_of(path) if name.startswith(outside)]


def test_imports_point_one_way() -> None:
    modules = {name_of(path): path for path in ALL}
    graph = {name: imports_of(path) & modules.keys() - {name, "bdur_xl"} for name, path in modules.items()}
    tuple(TopologicalSorter(graph).static_order())  # raises CycleError, naming the cycle
    assert graph["bdur_xl.terms"] == set()
    assert graph["bdur_xl.model"] <= {"bdur_xl.terms", "bdur_xl.nl"}
    for name, imported in graph.items():
        if name.startswith("bdur_xl.files"):
            assert not [one for one in imported if one.startswith(("bdur_xl.build", "bdur_xl.cli"))]


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_no_year_is_fixed_in_the_core(path: Path) -> None:
    allowed = EXAMPLES.get(path.name)
    for constant in constants(path):
        if isinstance(constant, int):
            assert not 1990 <= constant <= 2150
        elif isinstance(constant, str) and re.search(r"(?<!\d)(19|20|21)\d\d(?!\d)", constant):
            assert allowed, constant
            assert allowed in constant


def plan_names() -> set[str]:
    """Return what the memo's plan calls its lines, areas, goals, themes, departments and region."""
    columns = (
        "regel_id",
        "aandacht_id",
        "doel_id",
        "hoofdthema",
        "thema",
        "subthema",
        "afdeling_sector",
        "kader",
    )
    names = set()
    for path in (ROOT / "workbook" / "plan").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names |= {row[column] for column in columns if row.get(column)}
                if (row.get("uitgangspunt") or "").startswith("regio"):
                    names.add(row["waarde"])
    return names


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_no_line_goal_department_or_region_is_fixed_in_the_core(path: Path) -> None:
    names = plan_names()
    assert {"P01", "A01", "R1", "BGC", "toek. CB", "VRHM", "Veiligheidsregio Hollands Midden"} <= names
    strings = [constant for constant in constants(path) if isinstance(constant, str)]
    assert names.isdisjoint(strings)
    text = " ".join(strings)
    assert (
        not re.search(r"\b[PT]\d\d\b|VRHM|Hollands Midden|toek\. CB|versterken IM", text)
        or path.name == "registry.py"
    )


@pytest.mark.parametrize("path", EXACT, ids=lambda path: path.stem)
def test_amounts_never_meet_floating_point(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Div), f"a true division: {path.stem}"
        assert not (isinstance(node, ast.Name) and node.id in {"float", "round"}), (
            f"{path.stem}:{node.lineno}"
        )
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), (
            f"{path.stem}:{node.lineno}"
        )


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_public_function_and_class_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module itself"
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    methods = [
        node
        for owner in public
        for node in owner.body
        if isinstance(owner, ast.ClassDef)
        and isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
    ]
    assert [node.name for node in [*public, *methods] if not ast.get_docstring(node)] == []
