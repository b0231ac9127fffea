"""The add-in for LibreOffice Calc, `BDuR.oxt`: the components of udfs/calc, the core, a type library.

    python -m bdur_xl.build.calc_addin -o BDuR.oxt

The same bytes every time: parts stand uncompressed and in order, without a date.
"""

import argparse
import ast
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template

import bdur_xl
from bdur_xl.arguments import Argument
from bdur_xl.build.typelibrary import Method, type_library
from bdur_xl.registry import SHEET_FUNCTIONS
from bdur_xl.sheet_function import SheetFunction

CORE = Path(bdur_xl.__file__).parent
SOURCES = CORE.parent / "udfs" / "calc"

AT_THE_TOP = ("Addons.xcu", "Jobs.xcu", "component.py")
MODULES = ("__init__", "values", "repair", "menu")
"""What the component imports from udfs.calc."""

INTERFACE = "nl.bdur.XSheetFunctions"
CORE_ENTRY = "registry"
"""The module of the core that the component imports."""

CELL_RANGE = "com.sun.star.table.XCellRange"
ANYTHING = "any"
ROWS = "[][]any"
CALLER = ("document", "com.sun.star.beans.XPropertySet")
"""A last parameter that nobody types: Calc hands over the document that calls."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip file can name."""


def calc_addin() -> bytes:
    """Return the extension as it is installed."""
    parts = {
        "META-INF/manifest.xml": _source("manifest.xml"),
        "description.xml": Template(_source("description.xml").decode())
        .substitute(version=bdur_xl.__version__)
        .encode(),
        "BDuR.rdb": type_library(INTERFACE, [method(function) for function in SHEET_FUNCTIONS]),
        **{name: _source(name) for name in AT_THE_TOP},
        "pythonpath/udfs/__init__.py": _source("../__init__.py"),
        **{f"pythonpath/udfs/calc/{name}.py": _source(f"{name}.py") for name in MODULES},
        **{f"pythonpath/bdur_xl/{_file(name)}": _core(name) for name in core_modules()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0  # the bytes do not tell which system built it
            archive.writestr(entry, parts[name])
    return buffer.getvalue()


def method(function: SheetFunction) -> Method:
    """Return how the add-in's interface declares a sheet function."""
    ranges = [argument for argument in function.arguments if argument.is_range]
    parameters = [(each.name, _type(each, ranges[:1])) for each in function.arguments]
    return Method(function.name, ROWS if function.is_array else ANYTHING, (*parameters, CALLER))


def _type(argument: Argument, first_range: Sequence[Argument]) -> str:
    """Return the type of a parameter; udfs/calc/values.py tells what each brings.

    Calc lets a person leave out an argument at the end only when it is `any`. A function's first
    range is never at the end of a useful call, so that one is a range even when optional.
    """
    needed = argument.is_range and (not argument.optional or argument in first_range)
    return CELL_RANGE if needed else ANYTHING


def core_modules() -> list[str]:
    """Return the modules of bdur_xl that the registry needs, itself and the package included."""
    found, todo = {"__init__"}, [CORE_ENTRY]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _imports(_core(name))
    return sorted(found)


def _imports(source: bytes) -> Iterator[str]:
    """Yield the modules of bdur_xl that a module imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "bdur_xl":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bdur_xl."):
            yield (node.module or "").removeprefix("bdur_xl.")


def _core(name: str) -> bytes:
    return (CORE / _file(name)).read_bytes()


def _file(name: str) -> str:
    """Return the file of a module, within bdur_xl: checks -> checks/__init__.py."""
    path = name.replace(".", "/")
    return f"{path}/__init__.py" if (CORE / path).is_dir() else f"{path}.py"


def _source(name: str) -> bytes:
    return (SOURCES / name).read_bytes()


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the extension to a file."""
    parser = argparse.ArgumentParser(prog="python -m bdur_xl.build.calc_addin", description="Bouw BDuR.oxt.")
    parser.add_argument("-o", "--output", type=Path, default=Path("BDuR.oxt"), help="het bestand")
    output: Path = parser.parse_args(arguments).output
    output.write_bytes(calc_addin())
    print(f"{output}: {len(SHEET_FUNCTIONS)} functies voor LibreOffice Calc")


if __name__ == "__main__":
    main()
