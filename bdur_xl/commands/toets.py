"""`bdur toets`: every figure of an edited memo against the workbook."""

import argparse
import sys
from pathlib import Path

from bdur_xl.commands import FOUND, OK
from bdur_xl.commands.shared import (
    STATE,
    add_json,
    add_workbook,
    paper,
    print_json,
    progress,
    refusals,
    say,
    tell_open,
)

EXAMPLES = {
    'bdur toets "Bestuursmemo BDuR 2027-03-01.docx" BDuR_plan.xlsm': "elk cijfer dat niet meer klopt",
    "bdur toets memo.docx BDuR_plan.xlsm --alles": "ook de cijfers die gelijk zijn",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("memo", type=Path, metavar="MEMO", help="de memo (.docx)")
    add_workbook(parser, STATE)
    parser.add_argument("--alles", action="store_true", help="noem ook de cijfers die gelijk zijn")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Show what each figure of the memo is against the workbook."""
    from bdur_xl.files.memo_read import read_memo
    from bdur_xl.files.shelf import FOLDER, snapshot_files, workbook_of
    from bdur_xl.files.versions import changes_since, read_state
    from bdur_xl.memo_origins import known_figures, stated_words_mark, words_mark
    from bdur_xl.refresh import examine
    from bdur_xl.sentences import listed
    from bdur_xl.verify import Outcome, unnamed_years, verdicts_json, verify

    tell_open(options.memo, options.werkmap)
    with (
        progress("Memo en werkmap lezen", as_json=options.json),
        refusals(options.werkmap, as_json=options.json),
    ):
        passages = read_memo(options.memo)
        state = read_state(options.werkmap)
        home, stem = workbook_of(options.werkmap)
        beside = options.memo.parent  # a refresh with -o keeps its states there
        shelf = beside if snapshot_files(beside / FOLDER, stem) else home
        examined = examine(state, changes_since(shelf, stem), whole=False)
        facts, years = examined.facts, examined.inputs.plan.years
        verdicts = verify(passages, known_figures(facts))
        stated = stated_words_mark(passage.text for passage in passages)
        reworded = stated not in (None, words_mark(facts))
        unnamed = unnamed_years(verdicts, years)
    if options.json:
        print_json(verdicts_json(verdicts, unnamed, reworded=reworded))
    else:
        from bdur_xl.screen.verdicts import show_verdicts

        show_verdicts(paper(sys.stdout), verdicts, every=options.alles)
        if verdicts and unnamed:
            say(f"De werkmap heeft ook {listed(unnamed)}; daarvan noemt de memo geen cijfer.")
        if reworded:
            say("Ook de woorden van een nieuwe memo zijn anders: ververs de memo, of lees hem na.")
    stale = any(one.outcome is Outcome.STALE for one in verdicts)
    return FOUND if stale or reworded else OK
