"""What the memo fixes and staff do not change: words, with their paragraph.

Amounts, years, names and norms are data and stand in the workbook.
"""

from enum import StrEnum

MONTHS_PER_YEAR = 12

PERSONNEL = "fte"
"""Blok of personnel cost. Source: memo, Tabel 2, first column."""

RESOURCES = "middelen"
"""Blok of resources. Source: memo, Tabel 2, first column."""

BLOCKS = (PERSONNEL, RESOURCES)


class Kind(StrEnum):
    """How long an amount lasts. Source: memo, Tabel 2, columns i and s."""

    INCIDENTAL = "incidenteel"
    STRUCTURAL = "structureel"
    UNSPLIT = "ongesplitst"


class Basis(StrEnum):
    """Which grant amount counts: Tabel 2 rounds, the letter is exact (memo, par. 1)."""

    ROUNDED = "afgerond"
    EXACT = "exact"


class Level(StrEnum):
    """How a plan serves a focus area, strongest first. Source: memo, par. 4 and both tables."""

    EXPLICIT = "expliciet"
    SHARED = "gedeeld"
    HEADING = "alleen kop"
    SUPPORTING = "ondersteunend"
    NONE = "geen"


LEVELS = tuple(Level)

OWN_LINE = frozenset({Level.EXPLICIT, Level.SHARED})
"""Levels at which a focus area has a plan line of its own, alone or shared."""

NATIONAL = "landelijk"
"""First word of a goal's soort when its money is top-sliced nationally. Source: memo, par. 2."""

POLICY_PLAN = "RBP"
"""First letters of the kader of a regional policy plan (regionaal beleidsplan)."""

HEADING = "opgave"
"""Soort of a policy plan's heading over its objectives. Source: memo, par. 4."""

GRANT_GOAL_PREFIX = "R"
"""The memo numbers the goals of the grant 1, 2a, 2b, 3; the list writes R1, R2a, ... to keep
them apart from the policy plan's 1a, 1b."""

EXTERNAL_HIRE = "inhuur"
"""Word of a remark that says a line is hired externally. Source: memo, Tabel 2, last column."""

BASIS = "basis"
"""The scenario that is the plan as it stands: what every other one is held against."""

AWARDED = "toegekend"
"""Status of a grant amount that a letter confirms. Source: memo, par. 1."""

ADDED_GOALS = "doelen"
"""Word of a reservation for goals that the state may still add. Source: memo, par. 4."""

OPPOSITE = "-"
"""Before the id of a figure in the memo: printed with the opposite sign. No line's code begins with it."""
