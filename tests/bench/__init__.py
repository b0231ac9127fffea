"""What peers and this project cost on the same work, in one run: `make bench` writes docs/SPEED.md.

    cd tests && python -m bench [--quick] [part ...]

Each part is a module that returns a `report.Section`. Every answer that is timed is first held
against the naive calculation in `questions.py`; a peer with a wrong answer stops the bench.
"""
