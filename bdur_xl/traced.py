"""Figures in running text, each with the id of what it states.

A marked text is an ordinary string in which every figure stands between marks:
noncharacters of Unicode, which no cell can hold (`cells.visible` takes them out).
A writer turns them into fields, a screen drops them with `plain`.

An id is a kenmerk and what of it is shown: `ruimte-exact.2023`. A leading minus
says that the figure is printed with the opposite sign, as a shortage; more years
behind each other (`fte-structureel.2024,2025`) that they share one figure.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from bdur_xl import amounts, nl
from bdur_xl.terms import OPPOSITE

_OPEN, _MIDDLE, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKED = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")
_NAMED = re.compile(f"{_OPEN}[^{_MIDDLE}]*{_MIDDLE}")


LONGEST_TAG = 64
"""Characters that Word accepts in the tag, and in the title, of a content control."""
_KEPT = 55


def marked(figure_id: str, text: str) -> str:
    """Return the text of a figure with its id around it."""
    return f"{_OPEN}{figure_id}{_MIDDLE}{text}{_CLOSE}"


def euro(figure_id: str, cents: int | Fraction | None, decimals: int | None = None) -> str:
    """Write an amount as `nl.euro` does, marked."""
    return marked(figure_id, nl.euro(cents, decimals))


def quoted(prefix: str, text: str) -> str:
    """Return text that someone wrote with its amounts marked: `P05-opmerking.1` is the first."""
    text, made, end = re.sub(f"[{_OPEN}{_MIDDLE}{_CLOSE}]", "", text), "", 0
    readable = (amount for amount in amounts.find_amounts(text) if amount.value is not None)
    for number, amount in enumerate(readable, start=1):
        made += text[end : amount.start] + marked(f"{prefix}.{number}", text[amount.start : amount.end])
        end = amount.end
    return made + text[end:]


def plain(text: str) -> str:
    """Return the text without marks."""
    return _NAMED.sub("", text).replace(_CLOSE, "") if _OPEN in text else text


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text in pieces, each with the id of its figure; "" for what is no figure."""
    end = 0
    for found in _MARKED.finditer(text) if _OPEN in text else ():
        if found.start() > end:
            yield text[end : found.start()], ""
        yield found[2], found[1]
        end = found.end()
    if end < len(text):
        yield text[end:], ""


def shared(texts: Sequence[str]) -> str:
    """Return texts that read the same as one, each figure with the years of all."""
    columns = zip(*map(pieces, texts), strict=True)
    return "".join(
        marked(_joined([figure_id for _, figure_id in column]), column[0][0])
        if column[0][1]
        else column[0][0]
        for column in columns
    )


def tag_of(ids: str) -> str:
    """Return ids as the tag of a content control, which holds no more than 64 characters."""
    if len(ids) <= LONGEST_TAG:
        return ids
    return f"{ids[:_KEPT]}~{hashlib.sha256(ids.encode()).hexdigest()[:8]}"


def single(ids: str) -> list[str]:
    """Return the ids of one mark one by one, without sign: fte.2024,2025 is fte.2024 and fte.2025."""
    kenmerk, dot, columns = ids.removeprefix(OPPOSITE).rpartition(".")
    return [f"{kenmerk}{dot}{column}" for column in columns.split(",")] if ids else []


def _joined(ids: Sequence[str]) -> str:
    first, *others = dict.fromkeys(ids)
    return ",".join((first, *(other.rpartition(".")[2] for other in others)))
