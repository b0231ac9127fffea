"""Stand-ins for pywin32, so that xlwings runs here as it does on Windows, its own code unmodified."""

import asyncio  # noqa: F401  # imported before this machine says it is Windows
import ctypes
import datetime as dt
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

STAND_INS = (
    "pythoncom", "pywintypes", "win32api", "win32con", "win32event", "win32gui", "win32process",
    "win32timezone", "win32com", "win32com.client", "win32com.server", "win32com.server.dispatcher",
    "win32com.server.policy", "win32com.server.util",
)  # fmt: skip
OURS = ("xlwings", "udfs.bdur_udfs", "udfs.bdur_macros", "udfs.open_workbook")
RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
MISSING = -2147352572
"""What COM gives for an optional argument that was left out: DISP_E_PARAMNOTFOUND."""


class ComError(Exception):
    """What Excel answers to what cannot be done; pywin32 calls it com_error."""

    hresult = -2147352567
    """DISP_E_EXCEPTION."""


class ComObject:
    """Stands for every COM class that xlwings asks a value's type of."""


class ComTime(dt.datetime):
    """How pywin32 hands over a date: a datetime with a time zone."""


class ComRange(ComObject):
    """A Range of Excel as a function gets it: rows of cells, or the one cell."""

    def __init__(self, rows: Sequence[Sequence[object]]) -> None:
        info = SimpleNamespace(GetTypeAttr=lambda: SimpleNamespace(iid=RANGE_IID))
        self._oleobj_ = SimpleNamespace(GetTypeInfo=lambda: info)
        single = len(rows) == 1 and len(rows[0]) == 1
        self.Value = rows[0][0] if single else tuple(map(tuple, rows))
        self.Worksheet, self.Row, self.Column = MagicMock(), 1, 1
        self.Rows, self.Columns = SimpleNamespace(Count=len(rows)), SimpleNamespace(Count=len(rows[0]))

    def __repr__(self) -> str:
        return f"ComRange({self.Value!r})"


def _stand_in(name: str) -> ModuleType:
    module = MagicMock(name=name)
    module.__spec__, module.__path__, module.__file__ = None, [], name
    if name == "pywintypes":
        module.TimeType, module.IID = ComTime, str
        module.com_error = module.error = ComError
    if name == "win32com.client":
        for kind in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
            setattr(module, kind, type(kind, (), {}))
        module.Dispatch = lambda dispatch, *_, **__: dispatch
    if name == "win32com.server.util":
        module.unwrap.side_effect = ValueError("not one of ours")
    stand_in: Any = module
    return stand_in  # type: ignore[no-any-return]


@contextmanager
def windows() -> Iterator[ModuleType]:
    """Give xlwings as a Windows Python has it; afterwards all is as before."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in sys.modules if name.split(".")[0] == "xlwings" or name in OURS]:
            patch.delitem(sys.modules, name)
        for name in STAND_INS:
            module = _stand_in(name)
            patch.setitem(sys.modules, name, module)
            parent, _, child = name.rpartition(".")
            if parent:
                setattr(sys.modules[parent], child, module)
        for name in ("windll", "oledll", "PyDLL"):
            patch.setattr(ctypes, name, MagicMock(), raising=False)
        patch.setattr("atexit.register", lambda function, *_: function)
        with patch.context() as platform:
            platform.setattr(sys, "platform", "win32")
            xlwings = importlib.import_module("xlwings")
        yield xlwings
        for name in [name for name in sys.modules if name.split(".")[0] == "xlwings" or name in OURS]:
            del sys.modules[name]
