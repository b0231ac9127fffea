"""`python -m bench.array_call LINES`: the 200 answers once, in a process of its own."""

import sys

from bench import ours
from bench.plan import book
from bench.questions import QUESTIONS, as_whole, expected


def main() -> None:
    """Print whether the answers are correct."""
    work = book(int(sys.argv[1]))
    grids = ours.grids([work, work])
    if "--unchecked" not in sys.argv:
        naive = expected(work)
        given = ours.answers(grids, QUESTIONS)
        right = all(as_whole(one) == naive[asked] for asked, one in zip(QUESTIONS, given, strict=True))
        print("correct" if right else "wrong")


if __name__ == "__main__":
    main()
