"""What is asked of one run of the bench."""

from dataclasses import dataclass

SIZES = (20, 500, 10_000, 100_000)


@dataclass(frozen=True)
class Options:
    """A run: which sizes of plan, how long, how often."""

    sizes: tuple[int, ...] = SIZES
    pace: float = 1
    """What part of each part's time is used."""
    least: int = 3
    most: int = 40

    def seconds(self, budget: float) -> float:
        """Return the seconds that a piece of the bench may take."""
        return budget * self.pace


QUICK = Options(sizes=(20,), pace=0, least=1, most=1)
"""A smoke test of the bench itself."""
