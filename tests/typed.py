"""What staff type on a sheet of their own beside the memo's plan, with the figures worked by hand."""

from typing import NamedTuple

from bdur_xl.cells import Unreadable
from bdur_xl.registry import SHEET_FUNCTIONS


class Typed(NamedTuple):
    """A formula as typed, English error codes aside, and what it gives."""

    formula: str
    gives: float | str | Unreadable


def example(name: str, year: int = 2023) -> str:
    """Return the example of a function as its help shows it, for a year of the memo."""
    (function,) = (one for one in SHEET_FUNCTIONS if one.name == name)
    return function.example.replace("2027", str(year))


GOALS = "koppeling;aandachtsgebieden;doelen"
UNDER = "uitgangspunten;scenarios"

EXAMPLES = (
    Typed(example("BDUR_JAARTOTAAL"), 900_000.0),
    Typed(example("BDUR_BESCHIKBAAR"), 1_407_149.0),
    Typed(example("BDUR_RUIMTE"), -285_000.0),
    Typed(example("BDUR_RUIMTE_CUMULATIEF", 2026), 1_200_000.0),
    Typed(example("BDUR_FTE", 2024), 12.0),
    Typed(example("BDUR_DEELJAAR"), 1_385_000.0),  # 785.000 + 8/12 × 900.000
    Typed(example("BDUR_DOELDEKKING"), 1.0),  # A01 to A09 each have a line of their own
)
"""The example of every figure."""

TYPED = (
    *EXAMPLES,
    Typed("=BDUR_JAARTOTAAL(plan;2023)", 1_685_000.0),
    Typed('=BDUR_JAARTOTAAL(plan;"2024")', 1_505_000.0),
    Typed("=BDUR_JAARTOTAAL(plan;2025;;;;;;uitgangspunten)", 1_605_000.0),
    Typed('=BDUR_JAARTOTAAL(plan;2023;"i")', 485_000.0),
    Typed('=BDUR_JAARTOTAAL(plan;2025;"structureel";;;;;uitgangspunten)', 1_605_000.0),
    Typed('=BDUR_JAARTOTAAL(plan;2025;"structureel")', Unreadable("#N/A")),  # by itself 2025 is not split
    Typed('=BDUR_JAARTOTAAL(plan;2024;;" Middelen ")', 305_000.0),
    Typed('=BDUR_JAARTOTAAL(plan;2026;;;"Versterken IM")', 620_000.0),
    Typed('=BDUR_JAARTOTAAL(plan;2025;;;;"bgc")', 200_000.0),
    Typed(f'=BDUR_JAARTOTAAL(plan;2023;;;;;"(geen doel)";;{GOALS})', 450_000.0),
    Typed("=BDUR_JAARTOTAAL(plan;2031)", Unreadable("#N/A")),
    Typed('=BDUR_JAARTOTAAL(plan;2023;;;"brandweer")', Unreadable("#N/A")),
    Typed('=BDUR_JAARTOTAAL(plan;"twee")', Unreadable("#VALUE!")),
    Typed("=BDUR_BESCHIKBAAR(budget;2026)", 2_400_000.0),
    Typed('=BDUR_BESCHIKBAAR(budget;2024;"exact")', 1_650_000.0),  # no exact amount: the rounded one
    Typed("=BDUR_RUIMTE(plan;budget;2025)", 545_000.0),
    Typed('=BDUR_RUIMTE(plan;budget;2023;"exact")', -277_851.0),
    Typed('=BDUR_RUIMTE(plan;budget;2023;"exact";;"mei 2023")', 22_149.0),
    Typed('=BDUR_RUIMTE(plan;budget;2023;"exact";;"juni 2023")', 97_149.0),
    Typed("=BDUR_RUIMTE(plan;budget;2023;;instroom;;uitgangspunten)", -18_333.33),
    Typed('=BDUR_RUIMTE(plan;budget;2023;"exact";instroom;"1 juni 2023";uitgangspunten)', 55_482.33),
    Typed('=BDUR_RUIMTE_CUMULATIEF(plan;budget;2025;"exact")', 412_149.0),
    Typed("=BDUR_FTE(plan;2023;;uitgangspunten)", 9.0),
    Typed("=BDUR_FTE(tabel1;2023)", 9.0),
    Typed('=BDUR_FTE(tabel1;2023;"incidenteel")', 2.5),
    Typed("=BDUR_FTE(plan;2023)", Unreadable("#N/A")),  # without the norm there is no fte
    Typed("=BDUR_DEELJAAR(plan;2023;instroom;;uitgangspunten)", 1_418_333.33),  # one fte is there all year
    Typed('=BDUR_DEELJAAR(plan;2023;;"juni 2023")', 1_310_000.0),
    Typed("=BDUR_DEELJAAR(plan;2023)", Unreadable("#VALUE!")),  # no month and no instroom
    Typed(f'=BDUR_RUIMTE(plan;budget;2023;"exact";;;{UNDER};"instroom-1-mei-1fte")', -11_184.33),
    Typed(f'=BDUR_RUIMTE(plan;budget;2024;;;;{UNDER};" Externe-inhuur-2024")', -5_000.0),
    Typed(f'=BDUR_RUIMTE_CUMULATIEF(plan;budget;2026;;;;{UNDER};"indexatie-3")', 908_278.67),
    Typed('=BDUR_BESCHIKBAAR(budget;2026;;scenarios;"korting-10")', 2_160_000.0),
    Typed('=BDUR_BESCHIKBAAR(budget;2026;;scenarios;"korting")', Unreadable("#N/A")),
    Typed(f'=BDUR_DEELJAAR(plan;2023;;;{UNDER};"instroom-1-juni")', 1_310_000.0),
    Typed(f'=BDUR_DOELDEKKING(plan;{GOALS};"R3";2023)', 0.0),  # A12 stands in a heading only
    Typed(f'=BDUR_DOELDEKKING(plan;{GOALS};"r3";2023;"niveau")', "alleen kop"),
    Typed(f'=BDUR_DOELDEKKING(plan;{GOALS};"1d";2023;"bedrag")', 180_000.0),  # P03 and P13, by A06 alone
    Typed(f'=BDUR_DOELDEKKING(plan;{GOALS};"R2a";2024;"fte";uitgangspunten)', 2.0),  # P07
    Typed(f'=BDUR_DOELDEKKING(plan;{GOALS};"B20-1";2023)', Unreadable("#N/A")),  # linked to nothing
)
"""One or more of every function that gives one value."""
