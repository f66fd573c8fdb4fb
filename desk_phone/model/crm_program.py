"""A program and its arguments, as a person typed them in one line. No shell ever sees them.

The line is taken apart first and the placeholders are filled afterwards, each within its own
argument: no value can become two arguments. Two dangers are left, and both are closed here: a value
that looks like an option, and an argument that another program would run as code.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from itertools import takewhile

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.crm import CrmCall
from desk_phone.model.crm_template import (
    Literal,
    Part,
    Placeholder,
    fill,
    list_of_placeholders,
    parse,
    values,
)

_FREE_TEXT = (Placeholder.NAME, Placeholder.NOTE)  # what callers and people may write as they like
_LOOKS_LIKE_AN_OPTION = "-/@+"
_INTERPRETERS = re.compile(
    r"(?:.*[/\\])?(?:(?:ba|da|z|k|c|tc|fi|a)?sh|python[\d.]*w?|pyw?|perl|ruby|node|php|osascript"
    r"|wscript|cscript|mshta|rundll32|lua|env)(?:\.exe)?[. ]*",
    re.IGNORECASE,
)
_RUN_WHAT_THEY_ARE_TOLD = re.compile(r"(?:.*/)?(?:su|script|flock|xterm|konsole)")
_POWERSHELL = re.compile(r"(?:.*[/\\])?(?:powershell|pwsh)(?:\.exe)?[. ]*", re.IGNORECASE)
# These hand all their arguments to a shell, here or elsewhere.
_JOINS = re.compile(r"(?:.*[/\\])?(?:ssh|rsh|wsl|watch|parallel)(?:\.exe)?[. ]*", re.IGNORECASE)
_CODE_FOLLOWS = re.compile(
    r"-[a-z]{0,4}[cerps]|--(?:eval|print|command|run|split-string)", re.IGNORECASE
)
# Windows takes no notice of dots and blanks at the end of a name.
_BATCH = re.compile(r".*\.(?:bat|cmd)[. ]*", re.IGNORECASE | re.DOTALL)
_SHELL_ITSELF = re.compile(r"(?:.*[/\\])?cmd(?:\.exe)?[. ]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Program:
    """``file`` is a name or a path; it never comes from a value."""

    file: str
    arguments: tuple[tuple[Part, ...], ...] = ()


def check_program(line: str, windows: bool) -> Program:
    """The program a line names. ``windows``: quoted as there, where a backslash is no escape.

    Raises BadInput, which says why it cannot be run.
    """
    words = split(line, windows)
    if not words:
        raise BadInput(tr("There is no program"), tr("Write its name, then its arguments."))
    file, *rest = words
    if any(not isinstance(part, Literal) for part in parse(file)):
        raise BadInput(
            tr("The name of the program must be written out"),
            tr("Placeholders come behind it: %(names)s") % {"names": list_of_placeholders()},
        )
    check_batch(file, windows)
    arguments = tuple(parse(word) for word in rest)
    _check_code(words, arguments)
    return Program(fill(parse(file), lambda _: ""), arguments)


def filled_program(program: Program, call: CrmCall) -> tuple[str, ...]:
    """The program and its arguments, as many as there were in the line."""
    return (program.file, *(_filled(argument, call) for argument in program.arguments))


def split(line: str, windows: bool) -> list[str]:
    """A line as words, each as it was meant. Raises BadInput for a quotation mark too few."""
    if any(ord(c) < 32 or ord(c) == 127 for c in line):
        raise BadInput(tr("The program is one line of text"), tr("It has no line breaks or tabs."))
    try:
        return _split_as_windows(line) if windows else shlex.split(line)
    except ValueError:
        raise BadInput(
            tr("A quotation mark is missing"),
            tr('Put what belongs together between two of them: "like this".'),
        ) from None


def _split_as_windows(line: str) -> list[str]:
    """By the rules of CommandLineToArgvW: a run of backslashes escapes only before a quotation
    mark, two to one. Raises ValueError."""
    words: list[str] = []
    word, quoted, begun = "", False, False
    for found in re.finditer(r'(\\*)(")|( )|([^ "\\]+|\\+)', line):
        slashes, mark, blank, text = found.groups()
        if mark:
            word += "\\" * (len(slashes) // 2)
            begun = True
            if len(slashes) % 2:
                word += mark
            else:
                quoted = not quoted
        elif blank and not quoted:
            words += [word] if begun else []
            word, begun = "", False
        else:
            word, begun = word + (blank or text), True
    if quoted:
        raise ValueError("no closing quotation")
    return [*words, word] if begun else words


def check_batch(file: str, windows: bool) -> None:
    """Raises BadInput for what Windows runs through its shell, whatever starts it: a value would be
    read by it."""
    if _SHELL_ITSELF.fullmatch(file) or (windows and _BATCH.fullmatch(file)):
        raise BadInput(
            tr("Windows would run this through a shell"),
            tr("A caller's name could hold commands. Use a program or a PowerShell script: %(how)s")
            % {"how": "powershell -File script.ps1 {e164}"},
        )


def _check_code(words: list[str], arguments: tuple[tuple[Part, ...], ...]) -> None:
    """``sh -c "... {name}"`` would run what a caller is called."""
    for at, argument in enumerate(arguments, start=1):
        filled = any(isinstance(part, Placeholder) for part in argument)
        if filled and _is_code(words[:at], words[at]):
            raise BadInput(
                tr("A placeholder must not stand in program text"),
                tr("A caller's name could hold commands. Write the text into a file, and name it."),
            )


def _is_code(before: list[str], word: str) -> bool:
    """Whether a program among the words ``before`` would run ``word``.

    PowerShell does, whatever it is given, but behind -File.
    """
    if any(map(_JOINS.fullmatch, before)):
        return True
    if any(map(_POWERSHELL.fullmatch, before)):
        return "-file" not in map(str.lower, before)
    if any(map(_RUN_WHAT_THEY_ARE_TOLD.fullmatch, before)):
        options = takewhile(lambda one: one.startswith("-"), reversed(before))
        return any(map(_CODE_FOLLOWS.fullmatch, options))
    interpreters = [at for at, one in enumerate(before) if _INTERPRETERS.fullmatch(one)]
    return any(_belongs_to_it(before[at + 1 :], word) for at in interpreters)


def _belongs_to_it(given: list[str], word: str) -> bool:
    """Whether ``word``, behind what an interpreter was ``given``, is its own: an option, program
    text or the name of a script, and no argument of these."""
    is_code_due = is_settled = False
    for one in given:
        is_option = one.startswith("-") and one != "-"  # which is a script too
        if is_settled and not is_option:
            return False
        if is_option:
            is_code_due = is_code_due or bool(_CODE_FOLLOWS.fullmatch(one))
        elif is_code_due:
            is_code_due, is_settled = False, True  # the text; perhaps there is more of it
        else:
            return False  # a script: what follows is its own
    return not is_settled or is_code_due or word.startswith("-")


def _filled(argument: tuple[Part, ...], call: CrmCall) -> str:
    """A name at the beginning loses what would make an option of it."""
    known = values(call)
    first = argument[0] if argument else None
    text = fill(argument, lambda placeholder: known[placeholder])
    return text.lstrip(_LOOKS_LIKE_AN_OPTION + " ") if first in _FREE_TEXT else text
