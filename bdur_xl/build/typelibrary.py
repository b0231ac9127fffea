"""A UNO type library with one interface, as LibreOffice's SDK writes it.

Format: LibreOffice, unoidl/source/unoidlprovider.cxx, "New binary UNOIDL format".
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

MAGIC = b"UNOIDL\xff\x00"
INTERFACE = 5
MODULE = 0
BASE = "com.sun.star.uno.XInterface"
REUSED = 0x80000000


@dataclass(frozen=True)
class Method:
    """One method: its name, the type it returns, and (name, type) of each parameter."""

    name: str
    returns: str
    parameters: tuple[tuple[str, str], ...]


def type_library(interface: str, methods: Sequence[Method], origin: str = "bdur_xl") -> bytes:
    """Return the type library that declares `interface`, a dotted name; `origin` goes into its header."""
    *modules, name = interface.split(".")
    out = _Writer(origin)
    at = out.interface(methods)
    for module in reversed(modules):
        at = out.module(name, at)
        name = module
    return out.finish(name, at)


class _Writer:
    """Writes depth first: what an entry points to stands before it."""

    def __init__(self, origin: str) -> None:
        self._out = bytearray(MAGIC + bytes(8) + f"\0** Created by {origin} **\0".encode("ascii"))
        self._strings: dict[str, int] = {}

    def interface(self, methods: Sequence[Method]) -> int:
        at = len(self._out)
        self._byte(INTERFACE)
        self._numbers(1)
        self._text(BASE)
        self._numbers(0, 0, len(methods))  # optional bases, attributes, methods
        for method in methods:
            self._text(method.name)
            self._text(method.returns)
            self._numbers(len(method.parameters))
            for name, kind in method.parameters:
                self._byte(0)  # direction: in
                self._text(name)
                self._text(kind)
            self._numbers(0)  # exceptions
        return at

    def module(self, name: str, payload: int) -> int:
        named = self._name(name)
        at = len(self._out)
        self._byte(MODULE)
        self._numbers(1, named, payload)
        return at

    def finish(self, name: str, payload: int) -> bytes:
        named = self._name(name)
        root = len(self._out)
        self._numbers(named, payload)
        struct.pack_into("<II", self._out, len(MAGIC), root, 1)
        return bytes(self._out)

    def _name(self, name: str) -> int:
        at = len(self._out)
        self._out += name.encode("ascii") + b"\0"
        return at

    def _byte(self, value: int) -> None:
        self._out.append(value)

    def _numbers(self, *values: int) -> None:
        self._out += struct.pack(f"<{len(values)}I", *values)

    def _text(self, text: str) -> None:
        """Write a string, or where it stands already."""
        if text in self._strings:
            self._numbers(REUSED | self._strings[text])
            return
        self._strings[text] = len(self._out)
        self._numbers(len(text))
        self._out += text.encode("ascii")
