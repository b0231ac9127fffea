"""Amounts, percentages, fte and months as staff write them in Dutch text, read back to exact values.

A number counts when its unit stands with it (€ 1,7 miljoen, 27%, 9 fte), or when it is
grouped in thousands (1.685.000), which nothing but an amount is. So years, dates, codes
and paragraph numbers are none.
"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import cells, nl
from bdur_xl.figures import Unit, Value

SCALES = {
    "k": 1000, "duizend": 1000, "ton": 100_000,
    "m": 10**6, "mln": 10**6, "mio": 10**6, "miljoen": 10**6, "mld": 10**9, "miljard": 10**9,
}  # fmt: skip
"""Words for thousands and millions of euros."""

_UNITS = {"%": Unit.SHARE, "p": Unit.SHARE, "f": Unit.FTE, "m": Unit.MONTHS, "e": Unit.EURO}
"""The unit a word begins with: procent, fte, maanden, euro."""

_PER_ONE: Mapping[Unit, int | Fraction] = {
    Unit.EURO: 100,
    Unit.FTE: 100,
    Unit.SHARE: Fraction(1, 100),
    Unit.MONTHS: 1,
}
"""What a printed 1 is in each unit: cents, hundredths, a share, months."""

_SPACES = " \N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
_GAP = f"[{_SPACES}\t]"
_DIGITS = rf"(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:[.,'’]\d+)*)"
_DASHES = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{MINUS SIGN}"
_MINUS = f"[{_DASHES}]"
_SCALE = r"(?:duizend|ton|mln\b\.?|mio|miljoen|mld\b\.?|miljard|k|(?-i:M))"
_UNIT = r"(?:%|procent|percent|fte(?:['’]?s)?|maand(?:en)?|euro(?:['’]?s)?|EUR)"
_BEGINS = rf"(?=[{_DASHES}\d€me])"
"""What an amount begins with, "minder dan" and EUR among it: at most other places nothing more is tried."""

_AMOUNT = re.compile(
    rf"""{_BEGINS}(?P<below>\bminder\ dan{_GAP}+)?
    (?:
        (?:(?<![\w%)]){_MINUS}|(?P<before>{nl.MINUS}){_GAP}?)?(?:€|\bEUR\b){_GAP}{{0,2}}(?P<within>{_MINUS})?{_GAP}?
      | (?<!\w)(?<!\d[.,'’])(?P<plain>{_MINUS}?)
    )
    (?P<number>{_DIGITS})(?:,[-–—=]+)?
    (?:{_GAP}?(?P<scale>{_SCALE})(?!\w))?
    (?:{_GAP}?(?P<unit>{_UNIT})(?!\w))?
    (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_LINKED = re.compile(
    rf"(?:\s*(?:[-–—/]|,\s|(?<!\w)(?:à|of|en|tot(?:\sen\smet)?)(?!\w))\s*{_DIGITS}){{1,100}}"
    rf"(?:{_GAP}?(?P<scale>{_SCALE})(?!\w))?(?:{_GAP}?(?P<unit>{_UNIT})(?!\w))?",
    re.IGNORECASE,
)
"""What follows a number that shares its unit with the next one: "9 en 12 fte"; no more than a hundred do."""

_NUMBERED = re.compile(
    r"(?:\b(?:doel(?:en)?|par(?:agraaf)?|art(?:ikel)?|bijlage|tabel|overzicht|figuur|hoofdstuk|punt|nr|nummer"
    r"|pagina|blz|regel|stap|versie)\.?|(?<!\w)[x×*])\s*(?:€\s*)?$",
    re.IGNORECASE,
)
"""What stands before a number that names something, or multiplies: "par. 4", "x € 1.000"."""

_LONGEST_NUMBERED = len("paragraaf.")
"""The most characters of it, but for the spaces and the euro sign behind."""

_CELL = (
    rf"\s*(?P<open>\()?\s*(?P<before>{_MINUS})?\s*(?P<sign>€|EUR)?\s*(?P<within>{_MINUS})?\s*"
    rf"(?P<number>{_DIGITS})(?:,[-–—=]+)?\s*(?P<after>{_MINUS})?\s*\)?[\s*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]*"
)
"""A table cell that holds one number, its minus in any of accounting's places, and marks."""

_GROUPED = re.compile(rf"[1-9]\d{{0,2}}(?P<by>[.'’{_SPACES}])\d{{3}}(?:(?P=by)\d{{3}})*(?:,(?P<rest>\d+))?")
_PLAIN = re.compile(r"\d+(?:,(?P<rest>\d+))?")
_POINTED = re.compile(r"\d+\.(?P<rest>\d{1,2})")
"""A decimal point, where it cannot be one of thousands: 2.5%."""


class Amount(NamedTuple):
    """One figure in a text."""

    start: int
    end: int
    text: str
    unit: Unit
    value: Fraction | None
    """Cents, hundredths of an fte, a share, or months; None for a number no Dutch hand writes (1,000,000)."""
    step: Fraction
    """What the last printed digit counts, in the same measure; fte are always written in full."""
    below: bool = False
    """Whether the text says "minder dan" this."""

    def states(self, value: Value) -> bool:
        """Tell whether the text says this value: it gives the figure when rounded half up as printed."""
        if self.value is None or value is None:
            return False
        if self.below:
            return 0 < abs(Fraction(value)) <= self.value
        return rounded(value, self.step) == self.value


def rounded(value: Fraction | int, step: Fraction) -> Fraction:
    """Return the value rounded half up to whole steps."""
    return nl.round_half_up(Fraction(value) / step) * step


def find_amounts(text: str) -> Iterator[Amount]:
    """Yield every figure of a text that shows its unit, and every number grouped in thousands."""
    for found in _AMOUNT.finditer(text):
        unit, scale = _unit_and_scale(found, text)
        if unit and not _is_numbered(text, found.start()):
            below = bool(found["below"])
            yield _amount(found, unit, scale, negative=_is_negative(found), below=below)


def _is_numbered(text: str, end: int) -> bool:
    """Tell whether what stands before a place says that the number there names something, or multiplies.

    Only what ends there is looked at: a text may hold thousands of amounts.
    """
    last = end
    while last and (text[last - 1].isspace() or text[last - 1] == "€"):
        last -= 1
    return bool(_NUMBERED.search(text, max(0, last - _LONGEST_NUMBERED), end))


def cell_amount(text: str, unit: Unit, scale: int = 1) -> Amount | None:
    """Return the figure of a cell that holds one number and nothing but marks, None for any other cell.

    `unit` and `scale` are those of the table: 1.685 under "x € 1.000" is 1.685.000.
    """
    found = re.fullmatch(_CELL, text)
    if not found or bool(found["open"]) != (")" in text) or (not found["sign"] and _is_year(found["number"])):
        return None
    minus = found["open"] or found["before"] or found["within"] or found["after"]
    return _amount(found, Unit.EURO if found["sign"] else unit, scale, negative=bool(minus))


def only_number(text: str, unit: Unit) -> Amount | None:
    """Return the figure of a text with one number in it, whatever else it says; None with none or more."""
    found = list(re.finditer(rf"(?<!\w)(?P<plain>{_MINUS}?)(?P<number>{_DIGITS})(?!\w)", text))
    return _amount(found[0], unit, 1, negative=bool(found[0]["plain"])) if len(found) == 1 else None


def is_grouped(text: str) -> bool:
    """Tell whether a cell holds one number that shows its euros or its thousands: € 5, 1.000."""
    found = re.fullmatch(_CELL, text)
    return bool(found and (found["sign"] or _GROUPED.fullmatch(found["number"])))


def written(value: Fraction | int, unit: Unit, like: Amount | None = None) -> str:
    """Write a value as the memo does, to the precision of the figure it replaces, if any."""
    match unit:
        case Unit.EURO:
            decimals = 0 if like and like.step >= _PER_ONE[unit] else None
            bare = like and re.fullmatch(_CELL, like.text) and not _is_in_euros(like.text)
            return nl.hundredths(value, decimals) if bare else nl.euro(value, decimals)
        case Unit.FTE:
            return nl.fte(value) + (" fte" if not like or "fte" in like.text.casefold() else "")
        case Unit.SHARE:
            return nl.percentage(Fraction(value), whole=not like or like.step >= _PER_ONE[unit])
        case Unit.MONTHS:
            tenths = nl.fte(nl.round_half_up(Fraction(value) * 10) * 10)
            return tenths + (" maanden" if not like or "maand" in like.text else "")


def _unit_and_scale(found: re.Match[str], text: str) -> tuple[Unit | None, int]:
    """Return what a number counts; None when it may count anything."""
    scale, word = found["scale"], found["unit"]
    in_euros = _is_in_euros(found[0])
    if not scale and not word and (linked := _LINKED.match(text, found.end())):
        small = "." not in found["number"]
        scale = linked["scale"] if small else None
        word = None if in_euros or _is_year(found["number"]) else linked["unit"]
        in_euros = in_euros or bool(scale and not _is_year(found["number"]))
    unit = Unit.EURO if in_euros or scale or _is_in_thousands(found["number"]) else None
    if word and not in_euros:
        unit = _UNITS[word[0].casefold()]
    return unit, SCALES[scale.rstrip(".").casefold()] if scale and unit else 1


def _is_in_euros(text: str) -> bool:
    return "€" in text or "EUR" in text


def _is_negative(found: re.Match[str]) -> bool:
    """Tell whether a minus belongs to the figure; a dash between two figures does not."""
    if found["plain"] is not None:
        return bool(found["plain"])
    return bool(found["before"] or found["within"] or found[0][0] in _DASHES)


def _amount(found: re.Match[str], unit: Unit, scale: int, *, negative: bool, below: bool = False) -> Amount:
    number, decimals = _number(found["number"])
    if unit is Unit.EURO and decimals > 2 and scale == 1:
        number = None  # € 1,000: a thousand, or one?
    one = _PER_ONE[unit] * scale
    step = Fraction(1) if unit is Unit.FTE else Fraction(one, 10**decimals)
    value = None
    if number is not None:
        value = Fraction((-number if negative else number) * one, 10**decimals)
    shown = found[0].strip()
    start = found.start() + found[0].index(shown)
    return Amount(start, start + len(shown), shown, unit, value, step, below)


def _number(digits: str) -> tuple[int | None, int]:
    """Return the digits of a number as one whole number, None when not as Dutch writes, and its decimals."""
    found = _GROUPED.fullmatch(digits) or _POINTED.fullmatch(digits) or _PLAIN.fullmatch(digits)
    if not found:
        return None, 0
    return int("".join(filter(str.isdecimal, digits))), len(found["rest"] or "")


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits.isdecimal() and int(digits) in cells.YEARS


def _is_in_thousands(digits: str) -> bool:
    found = _GROUPED.fullmatch(digits)
    return bool(found and found["by"] == ".")
