"""What the commands show people: a module per kind of answer, in Dutch, on paper.

Paper is plain for a pipe or a file. A terminal is laid out with a library, which takes longer to
load than most commands to answer: it is only loaded where somebody watches.
"""

from typing import IO

from bdur_xl.screen.paper import Paper, Plain


def paper(file: IO[str]) -> Paper:
    """Return what shows an answer on a stream."""
    if not file.isatty():
        return Plain(file)
    from bdur_xl.screen.terminal import Terminal

    return Terminal(file)
