"""How figures, dates and names are written in Dutch (nl-NL), and read back."""

from collections.abc import Iterable
from fractions import Fraction

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
ABSENT = "\N{EN DASH}"
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli",
    "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def round_half_up(value: Fraction | int) -> int:
    """Return the nearest whole number, halves away from zero."""
    if isinstance(value, int):
        return value
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -whole if value < 0 else whole


def _grouped(whole: int) -> str:
    return f"{whole:,}".replace(",", ".")


def hundredths(value: int | Fraction, decimals: int | None = None) -> str:
    """Write a number held in hundredths: 140714950 -> 1.407.149,50.

    Whole numbers carry no decimals unless `decimals` asks for them; 0 rounds half up.
    """
    rounded = round_half_up(Fraction(value, 100)) * 100 if decimals == 0 else round_half_up(value)
    whole, rest = divmod(abs(rounded), 100)
    sign = MINUS if rounded < 0 else ""
    fraction = f",{rest:02d}" if rest or decimals == 2 else ""
    return f"{sign}{_grouped(whole)}{fraction}"


def euro(cents: int | Fraction | None, decimals: int | None = None) -> str:
    """Write an amount: € 1.407.149, -€ 18.333,33 with a minus sign; None is a dash."""
    if cents is None:
        return ABSENT
    text = hundredths(cents, decimals)
    sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}€{NBSP}{digits}"


def fte(value: int | Fraction | None) -> str:
    """Write an fte held in hundredths: 150 -> 1,5."""
    if value is None:
        return ABSENT
    text = hundredths(value)
    return text[:-1] if "," in text and text.endswith("0") else text


def percentage(share: Fraction, *, whole: bool = True) -> str:
    """Write a share as a percentage, whole (0,27 -> 27%) or to two decimals (0,025 -> 2,5%)."""
    return f"{round_half_up(share * 100)}%" if whole else f"{fte(share * 100 * 100)}%"


def month(year: int, number: int) -> str:
    """Write a month: mei 2023."""
    return f"{MONTHS[number - 1]} {year}"


def date(year: int, number: int, day: int) -> str:
    """Write a date: 23 februari 2023."""
    return f"{day} {month(year, number)}"


def listing(words: Iterable[str], joined_by: str = "en") -> str:
    """Write a list: a, b en c; or a choice: a, b of c."""
    *most, last = words
    return f"{', '.join(most)} {joined_by} {last}" if most else last


def plural(count: int, one: str, many: str) -> str:
    """Write a count with its noun: 1 regel, 2 regels."""
    return f"{_grouped(count)} {one if count == 1 else many}"


def fold(text: str) -> str:
    """Return the text as names are compared: one space, no case."""
    return " ".join(text.split()).casefold()
