"""What `bdur memo` and `bdur ververs` share: from a workbook to a memo in a folder."""

import argparse
from pathlib import Path

from bdur_xl.commands import OK
from bdur_xl.commands.shared import (
    made_json,
    print_json,
    progress,
    refusals,
    say,
    stop_writing,
    tell,
    tell_open,
)


def deliver(options: argparse.Namespace, folder: Path, *, keep: bool, pdf: bool) -> int:
    """Write the memo, with its state and PDF when asked, and say where it is. Returns the exit code."""
    import datetime as dt

    from bdur_xl.files.deliver import deliver, delivered_text
    from bdur_xl.files.shelf import workbook_of
    from bdur_xl.files.versions import SUFFIX, changes_since, read_state
    from bdur_xl.kept import forget
    from bdur_xl.refresh import examine, refuse_failed, to_print

    now = dt.datetime.now().replace(microsecond=0)
    kept = options.werkmap.suffix.lower() == SUFFIX
    tell_open(options.werkmap)
    with progress("Werkmap lezen", as_json=options.json) as step, refusals(as_json=options.json):
        state = read_state(options.werkmap, now)
        step("Plan doorrekenen en controleren")
        home, stem = workbook_of(options.werkmap)
        try:
            examined = examine(state, changes_since(folder, stem), whole=False)
            refuse_failed(examined)
            keep = keep and not kept
            examined = to_print(examined, keep=keep)
            del state
            forget()
            made = deliver(
                examined,
                folder,
                stem,
                home=home,
                chosen=options.sjabloon,
                keep=keep,
                pdf=pdf,
                tell=step,
            )
        except OSError as error:
            stop_writing("De memo", folder, error)
    if options.json:
        from bdur_xl.as_json import finding_json

        paths = [made.memo, *([made.pdf] if made.pdf else [])]
        notes = [finding_json(note) for note in examined.notes]
        print_json(made_json(paths, made.remarks, cellen=notes))
        return OK
    say(delivered_text(made))
    tell(examined.notes)
    return OK
