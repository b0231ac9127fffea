"""What was worked out of the very same things is kept: a recalculation changes few of them.

What the core reads is frozen, so a function that looks at nothing but what it is given says the
same of the same objects. The same, not equal ones: 1, 1.0 and True are equal.
"""

from collections.abc import Callable
from functools import wraps
from operator import is_
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

MOST = 3
"""Answers kept of one function: of the open workbook, and of one that it is compared with."""


def kept(work: Callable[P, T]) -> Callable[P, T]:
    """Have a function, called by position, give its latest answers again when given the same objects."""
    return latest(MOST)(work)


def latest(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Do what `kept` does, for so many answers."""

    def keeping(work: Callable[P, T]) -> Callable[P, T]:
        answers: list[tuple[tuple[object, ...], T]] = []  # with what they are of: nothing else is that then

        @wraps(work)
        def known(*given: P.args, **_: P.kwargs) -> T:
            for earlier, answer in answers:
                if all(map(is_, earlier, given)):
                    return answer
            answer = work(*given)  # type: ignore[call-arg]  # by position only
            del answers[most - 1 :]
            answers.insert(0, (given, answer))
            return answer

        return known

    return keeping
