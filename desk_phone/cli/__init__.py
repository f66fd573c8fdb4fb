"""The command ``desk-phone``: reads its words, then does it here, hands it over, or starts a tray.

Whatever is only needed by one command is imported when that command runs: a link clicked in a
browser is handed to the running program in milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from desk_phone import i18n
from desk_phone import options as words
from desk_phone.assets import resource
from desk_phone.cli import terminal
from desk_phone.cli.language import language_of
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.options import TRAY_COMMANDS, HelpWanted, Options
from desk_phone.paths import Paths, paths
from desk_phone.said import Said, Status, of_error

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 our own fault, 2 bad input, 3 refused, 4 offline, 5 unknown,
    6 credentials, 130 interrupted."""
    given = list(sys.argv[1:] if argv is None else argv)
    terminal.prepare("--json" in given)
    try:
        i18n.use(language_of(given), resource("locale"))
        return _do(words.read(given), given)
    except HelpWanted as text:
        return terminal.show(Said(out=_help(text)))
    except PhoneError as error:
        return terminal.show(of_error(error))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as bug:  # nobody else's: no traceback for a person who cannot mend it
        from desk_phone.cli import crash

        return terminal.show(crash.written_down(bug, _logs(given)))


def _do(options: Options, given: Sequence[str]) -> int:
    if options.command == "simulate":
        from desk_phone.simulator import command

        simulation = (options.port, options.seed, options.speed, options.fault, options.first_call)
        return command.run(*simulation, sys.stdout)
    if options.command == "demo":
        from desk_phone import demo

        return demo.run(options)
    if options.command == "relay":
        return _relay(options)
    place = _place(options)
    if options.command == "diagnostics":
        from desk_phone.cli import diagnostics

        return terminal.show(diagnostics.run(options, place))
    password = terminal.read_password() if options.password_stdin else Secret("")
    if options.command in TRAY_COMMANDS:
        from desk_phone import start

        return start.run(options, given, place, password)
    return _command(options, given, place, password)


def _relay(options: Options) -> int:
    """The company's server and what belongs to it: nothing of this computer's own data."""
    from desk_phone.system.secrets import SystemKeyring

    keyring = SystemKeyring()
    if options.deed == "serve":
        from importlib.util import find_spec

        if find_spec("uvicorn") is None:
            raise BadInput(
                tr("This Desk Phone has no relay in it"),
                tr("Install the package desk-phone-relay, or desk-phone[relay] by pip."),
            )
        from desk_phone.relay import server

        return server.run(Path(options.config), keyring, options.verbose)
    from desk_phone.relay import command

    password = Secret("")
    if options.deed == "password":
        stdin = options.password_stdin
        password = terminal.read_password() if stdin else terminal.ask_password()
    return terminal.show(command.run(options, password, keyring))


def _command(options: Options, given: Sequence[str], place: Paths, password: Secret) -> int:
    from desk_phone.cli import phonebook, relay, sources
    from desk_phone.cli.crash import unseen
    from desk_phone.cli.runner import Runner

    if (options.command, options.deed) == ("account", "set") and not password:
        password = terminal.ask_password()
    options, given = phonebook.with_whole_path(options, given)
    if relay.enrols(options):
        return terminal.show(_enrol(options, given, place))
    if sources.adds_source(options):
        return terminal.show(_add_source(options, given, place, password))
    runner = Runner(options, given, place, password)
    with unseen():
        said = phonebook.patiently(runner.run, options.wait)
        if said.status == Status.ASKS:
            if not terminal.can_be_asked():
                said = replace(said, status=Status.BAD_INPUT, out="")
            elif terminal.says_yes(said.out):
                said = runner.run(answered=True)
            else:
                said = Said(Status.BAD_INPUT, "", tr("Nothing was sent.") + "\n")
    return terminal.show(said)


def _add_source(options: Options, given: Sequence[str], place: Paths, password: Secret) -> Said:
    """Its password is not the account's: that one is the keyring's to know."""
    from desk_phone.cli import sources
    from desk_phone.cli.runner import Runner
    from desk_phone.system.secrets import SystemKeyring

    def run(options: Options, given: tuple[str, ...]) -> Said:
        return Runner(options, given, place, Secret("")).run()

    options, given = sources.with_whole_path(options, given)
    return sources.with_password_kept(options, given, password, SystemKeyring(), run)


def _enrol(options: Options, given: Sequence[str], place: Paths) -> Said:
    from desk_phone.cli import relay
    from desk_phone.cli.runner import Runner
    from desk_phone.system.secrets import SystemKeyring

    def run(options: Options, given: tuple[str, ...]) -> Said:
        return Runner(options, given, place, Secret("")).run()

    code = terminal.read_code() if options.code_stdin else terminal.ask_code()
    return relay.with_code_kept(options, given, code, SystemKeyring(), run)


def _place(options: Options) -> Paths:
    place = paths(options.data_dir or None)
    try:
        place.make()
    except OSError as error:
        raise BadInput(
            tr("The data directory %(path)s cannot be used") % {"path": place.root},
            tr("Choose another one with --data-dir (%(why)s).")
            % {"why": error.strerror or type(error).__name__},
        ) from error
    return place


def _help(wanted: HelpWanted) -> str:
    if wanted.command != "simulate":
        return str(wanted)
    from desk_phone.simulator.command import fault_help

    return f"{wanted}\n{fault_help()}\n"


def _logs(given: Sequence[str]) -> Path | None:
    with suppress(PhoneError, HelpWanted, OSError):
        options = words.read(given)
        if (options.command, options.deed) != ("relay", "serve"):  # a server logs to its systemd
            return paths(options.data_dir or None).logs
    return None
