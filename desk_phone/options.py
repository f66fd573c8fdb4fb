"""The words of the command line, one parser for the command and for the tray program."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from desk_phone import __version__
from desk_phone.crm_options import crm_options
from desk_phone.errors import BadInput
from desk_phone.i18n import LANGUAGES, tr
from desk_phone.notes_options import note_options
from desk_phone.notices_options import notices_options
from desk_phone.parsing_words import in_our_language
from desk_phone.phonebook_options import phonebook_options
from desk_phone.relay_options import relay_options
from desk_phone.simulate_options import demo_options, simulate_options
from desk_phone.sources_options import sources_options


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody asked for. ``command`` empty: the tray program. Empty texts: not given."""

    command: str = ""
    data_dir: str = ""
    service: str = ""
    user: str = ""
    own: str = ""
    password_stdin: bool = False
    json: bool = False
    verbose: bool = False
    lang: str = ""
    hidden: bool = False
    # call
    number: str = ""
    yes: bool = False
    even_costly: bool = False
    # calls
    missed: bool = False
    week: bool = False
    offline: bool = False
    # name
    first: str = ""
    last: str = ""
    # account: one of _DEEDS; phonebook: one of `phonebook_options.DEEDS`
    deed: str = ""
    # phonebook
    id: int = 0  # of an entry, a conflict, a snapshot
    entry_name: str | None = None
    number1: str | None = None
    number2: str | None = None
    wait: float = 0.0
    decision: str = ""
    file: str = ""
    dry_run: bool = False
    uri: str = ""  # open
    # note: the number unless it is of a call, then the text
    words: tuple[str, ...] = ()
    call_id: int = 0
    clear: bool = False
    erase: bool = False
    url: str = ""  # notices on, account enrol
    code_stdin: bool = False
    # sources: ``id`` too
    kind: str = ""
    address: str = ""
    label: str = ""
    kept: str = ""
    # relay: ``label`` and ``file`` too
    config: str = ""
    numbers: tuple[str, ...] = ()
    may_edit: bool = False
    may_target: bool = False
    device: str = ""
    check: bool = False
    count: int = 0
    broker: bool = False
    # simulate, demo
    port: int = 0
    seed: int = 1
    speed: float = 1.0
    fault: tuple[str, ...] = ()
    first_call: float | None = None
    pictures: str = ""
    seconds: float | None = None


# Done by the tray program, which is started where it does not run; the first is to start it.
TRAY_COMMANDS = ("", "open", "dial-clipboard")
_DEEDS = ("set", "show", "forget", "enrol", "leave")
_DEEDS_OF_SET = ("may", "take", "refused")  # what `set` tells the tray program
_Fill = Callable[[argparse.ArgumentParser], None]
_PASSWORD_STDIN = "--password-stdin"  # noqa: S105 - the option, not a password


class HelpWanted(Exception):  # not an error: the text is what was asked for
    """``--help`` or ``--version``: print it and end with 0. ``command`` is what it is about."""

    def __init__(self, text: str, command: str = "") -> None:
        super().__init__(text)
        self.command = command


def read(words: Sequence[str]) -> Options:
    """Raises BadInput with the usage, or HelpWanted."""
    ours = list(words)
    options = ours[: ours.index("--")] if "--" in ours else ours
    if any(word.startswith("--pass") and word != _PASSWORD_STDIN for word in options):
        raise BadInput(
            tr("A password is no argument: every program can see it there"),
            tr("Write it to standard input, with --password-stdin."),
        )
    try:
        with in_our_language():
            given = vars(_parser().parse_args(ours))
    except BadInput as error:
        if _PASSWORD_STDIN in options:  # what is wrong may be the password itself
            raise BadInput(tr("These words are no command"), error.message) from None
        raise
    if given["command"] == "account" and given["deed"] != "enrol" and given["url"]:
        raise BadInput(tr("These words are no command"), tr("Only enrol takes an address."))
    given["fault"] = tuple(given.get("fault") or ())
    given["number"] = " ".join(given.get("number") or ())
    given["numbers"] = tuple(given.get("numbers") or ())
    return Options(**given)


def _nothing(_: argparse.ArgumentParser) -> None:
    """Of a command that has no words of its own."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong by raising; the process is not its to end.

    ``fill`` adds its own words once they are to be read: of all commands somebody wants one, and a
    start none.
    """

    fill: _Fill = staticmethod(_nothing)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        fill, self.fill = self.fill, _nothing
        fill(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().split())
        raise BadInput(message[:1].upper() + message[1:], usage)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise HelpWanted(message or "")

    def print_help(self, file: object = None) -> None:
        raise HelpWanted(self.format_help(), self.prog.partition(" ")[2])


class _Version(argparse.Action):
    def __call__(self, *_: object) -> NoReturn:
        raise HelpWanted(f"desk-phone {__version__}\n")


def _parser() -> _Parser:
    shared = _global_options()
    parser = _Parser(
        prog="desk-phone",
        description=tr("Who called, and call them back: a tray program for Telia Business Phone."),
        epilog=tr("Without a command it starts in the tray."),
        parents=[shared],
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version",
        action=_Version,
        nargs=0,
        dest=argparse.SUPPRESS,
        default=argparse.SUPPRESS,
        help=tr("print the version"),
    )
    commands = parser.add_subparsers(dest="command", metavar=tr("COMMAND"), required=False)
    parser.set_defaults(command="")

    def command(name: str, does: str, fill: _Fill = _nothing) -> None:
        made = commands.add_parser(
            name, help=does, description=does, parents=[shared], allow_abbrev=False
        )
        made.fill = fill

    def room(
        name: str, does: str, fill: Callable[[argparse.ArgumentParser, _Parser], None]
    ) -> None:
        command(name, does, lambda parser: fill(parser, shared))

    command("numbers", tr("list the company's numbers"))
    command("call", tr("ring your own phone, then the number"), _call_options)
    command("calls", tr("look at the history once, then print the known calls"), _calls_options)
    command("name", tr("set the display name of your own line"), _name_options)
    command("account", tr("the company's user name and password"), _account_options)
    room("phonebook", tr("the company's phonebook"), phonebook_options)
    room("notices", tr("be told of calls by the service itself"), notices_options)
    command("note", tr("show or set what was noted about a number or of a call"), note_options)
    room("crm", tr("try out what a CRM is told of calls"), crm_options)
    command("open", tr("ask whether to call the number of a tel: link"), _open_options)
    command("dial-clipboard", tr("what the hotkey does: call the number that was copied"))
    room("sources", tr("others' contacts, read and never written"), sources_options)
    room("relay", tr("the server that a company runs once"), relay_options)
    command("diagnostics", tr("write a report for whoever helps you"), _diagnostics_options)
    command("simulate", tr("play the phone service of a made-up company"), simulate_options)
    command("demo", tr("the whole program against a made-up company"), demo_options)
    return parser


def _global_options() -> _Parser:
    shared = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    options = shared.add_argument_group(tr("global options, before or after the command"))
    texts = {
        "--data-dir": (tr("DIR"), tr("keep settings, calls, logs, everything here")),
        "--service": ("URL", tr("base address of the service")),
        "--user": (tr("NAME"), tr("user name of the account")),
        "--own": (tr("NUMBER"), tr("the line that rings first")),
    }
    for option, (metavar, does) in texts.items():
        options.add_argument(option, metavar=metavar, help=does, type=_filled)
    options.add_argument(
        _PASSWORD_STDIN, action="store_true", help=tr("read the password from standard input")
    )
    options.add_argument("--json", action="store_true", help=tr("print JSON"))
    options.add_argument(
        "-v", "--verbose", action="store_true", help=tr("tell on standard error what happens")
    )
    options.add_argument("--lang", choices=LANGUAGES, help=tr("language of the words"))
    options.add_argument(
        "--hidden", action="store_true", help=tr("start in the tray without a window")
    )
    return shared


def _call_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar=tr("NUMBER"), nargs="+")  # 640 3231 needs no quotes
    parser.add_argument("--yes", action="store_true", help=tr("answer the ordinary question"))
    parser.add_argument(
        "--even-costly", action="store_true", help=tr("with --yes: costly and foreign numbers too")
    )


def _calls_options(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--missed", action="store_true", help=tr("only missed calls"))
    which.add_argument("--week", action="store_true", help=tr("this week in figures"))
    parser.add_argument("--offline", action="store_true", help=tr("don't ask the service"))


def _open_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("uri", metavar="URI", help=tr("tel:, callto: or sip:, after --"))


def _name_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar=tr("FIRST"))
    parser.add_argument("last", metavar=tr("LAST"))


def _account_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deed", metavar="|".join(_DEEDS), type=_deed)
    parser.add_argument(
        "url", metavar="URL", nargs="?", default="", help=tr("of the relay to enrol at")
    )
    parser.add_argument(
        "--code-stdin", action="store_true", help=tr("read the relay's code from standard input")
    )
    parser.add_argument("--kept", default="", help=argparse.SUPPRESS)  # where the code lies


def _diagnostics_options(parser: argparse.ArgumentParser) -> None:
    does = tr("a zip file to write, or where; without passwords, numbers and names")
    parser.add_argument("file", metavar=tr("FILE"), nargs="?", default="", help=does)


def _filled(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("it is empty"))
    return text.strip()


def _deed(text: str) -> str:
    if text not in (*_DEEDS, *_DEEDS_OF_SET):
        raise argparse.ArgumentTypeError(tr("one of %(words)s") % {"words": ", ".join(_DEEDS)})
    return text
