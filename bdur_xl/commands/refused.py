"""How a command says that it cannot: what is wrong and the remedy, on the error stream."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bdur_xl.book import BookError

UNREADABLE = 2


def refused(error: "BookError") -> int:
    """Print a refusal in Dutch and return the exit code for it."""
    print(f"{error.message}.\n    → {error.remedy}", file=sys.stderr)
    return UNREADABLE
