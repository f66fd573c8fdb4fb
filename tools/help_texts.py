"""The manual page and the shell completion, made from what the packaged program itself says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

_LINE = re.compile(r"^ {2,4}(\S.*?)(?: {2,}(\S.*))?$")
_METAVARS = ("COMMAND", "DEED")
_WORD = re.compile(r"--?[\w-]+")
_WIDE = {"COLUMNS": "400", "LC_ALL": "C.UTF-8"}  # one line an option
_STATUSES = {
    0: "done",
    1: "a mistake of the program",
    2: "these words are no command, or something of them is wrong",
    3: "the service refused",
    4: "the service could not be reached; surely nothing was sent",
    5: "sent, and no answer to trust",
    6: "the user name or the password was refused",
}


def manual(template: Path, program: Path, version: str) -> str:
    """The page in troff."""
    text = template.read_text(encoding="utf-8").replace("@VERSION@", version)
    said = _help_of(program)
    options = {
        **_part(said, "options"),
        **_part(said, "global options, before or after the command"),
    }
    for hole, told in {
        "@COMMANDS@": _part(said, "positional arguments"),
        "@OPTIONS@": options,
        "@STATUSES@": {str(status): words for status, words in _STATUSES.items()},
    }.items():
        text = text.replace(hole, "\n".join(_entry(*each) for each in told.items()))
    return text


def completion(program: Path) -> str:
    """For bash: the commands, then the options of the command that stands there."""
    said = _help_of(program)
    commands = list(_part(said, "positional arguments"))
    cases = "".join(
        f'    {name}) words="{" ".join(_words_of(_help_of(program, name)))}" ;;\n'
        for name in commands
    )
    return (
        "# bash completion of desk-phone, made from its --help\n"
        "_desk_phone() {\n"
        '  local words word current="${COMP_WORDS[COMP_CWORD]}"\n'
        f'  words="{" ".join(_words_of(said))}"\n'
        '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do\n'
        '    case "$word" in\n'
        f"{cases}"
        "    *) continue ;;\n"
        "    esac\n"
        "    break\n"
        "  done\n"
        '  COMPREPLY=($(compgen -W "$words" -- "$current"))\n'
        "}\n"
        "complete -o default -F _desk_phone desk-phone\n"
    )


def _help_of(program: Path, *command: str) -> str:
    return subprocess.run(
        [program, "--lang", "en", *command, "--help"],
        env={**os.environ, **_WIDE},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout


def _part(said: str, title: str) -> dict[str, str]:
    """Of one heading: what is written first in a line, and what is told of it."""
    part = said.partition(f"\n{title}:\n")[2].partition("\n\n")[0]
    found = (_LINE.match(line) for line in part.splitlines())
    return {match[1]: match[2] or "" for match in found if match and match[1] not in _METAVARS}


def _words_of(said: str) -> list[str]:
    """The options; and the deeds of a command that has them, such as ``phonebook export``."""
    heads = [line.split("   ")[0] for line in said.splitlines() if line.startswith("  -")]
    options = {word for head in heads for word in _WORD.findall(head) if word.startswith("--")}
    deeds = [name for name in _part(said, "positional arguments") if re.fullmatch(r"[a-z-]+", name)]
    return [*deeds, *sorted(options)]


def _entry(name: str, words: str) -> str:
    return f".TP\n.B {_troff(name)}\n{_troff(words)}"


def _troff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
