"""Excel's side of the functions: xlwings as on Windows."""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest

from contract.windows import windows


@pytest.fixture(scope="package")
def xlwings() -> Iterator[ModuleType]:
    """xlwings as a Windows Python has it."""
    with windows() as module:
        yield module


@pytest.fixture(scope="package")
def udfs(xlwings: ModuleType) -> ModuleType:
    """Our Excel functions, made by that xlwings."""
    return import_module("udfs.bdur_udfs")
