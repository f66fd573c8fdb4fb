"""Does in the tray program what second starts and commands ask for through the hand-over."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desk_phone.app.acts import Act
from desk_phone.app.commands import Desk, run
from desk_phone.app.instance import Asked
from desk_phone.app.lane import Lanes
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.options import TRAY_COMMANDS, HelpWanted, Options, read
from desk_phone.said import Said, of_bug, of_error
from desk_phone.system.request import Answer

_OF_SET = ("may", "take", "refused")  # what `account set` is made of, perhaps for another user


class Requests(QObject):
    """The words come from programs of this user, perhaps from a link: they are read like any
    command's and obey the same policy."""

    window_wanted = Signal(str)  # the desktop's leave to raise it, may be empty
    link_opened = Signal(str)  # a URI, as untrusted as the page it stood on
    clipboard_wanted = Signal()

    def __init__(self, lanes: Lanes, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes, self._desk = lanes, desk

    def take(self, asked: Asked) -> None:
        """Do it, and answer when it is done."""
        try:
            options = read(asked.request.argv)
            self._check(options)
        except HelpWanted as text:
            asked.answer(Answer(0, str(text)))
        except PhoneError as error:
            asked.answer(_answer(of_error(error)))
        else:
            self._do(options, asked)

    def _do(self, options: Options, asked: Asked) -> None:
        if options.command not in TRAY_COMMANDS:
            self._lanes.perform(self._answered(options, asked))
            return
        asked.answer(Answer(0))  # a browser need not wait for the person
        self.show(options, asked.request.activation_token)

    def show(self, options: Options, activation_token: str = "") -> None:
        """What a start, a second start or a link is to bring to the screen."""
        if options.command == "open":
            self.link_opened.emit(options.uri)
        elif options.command == "dial-clipboard":
            self.clipboard_wanted.emit()
        elif not options.hidden:
            self.window_wanted.emit(activation_token)

    def _answered(self, options: Options, asked: Asked) -> Act[None]:
        """Whatever ends it, a bug too, whoever waits is told."""
        said = of_bug()
        try:
            said = yield from run(self._desk, options)
        finally:
            asked.answer(_answer(said))

    def _check(self, options: Options) -> None:
        """The account is the running program's: another one's password is not to be had here."""
        settings = self._desk.settings()
        sets_account = options.command == "account" and options.deed in _OF_SET
        sets_account = sets_account or options.command == "sources"  # a source has its own user
        another_user = options.user and options.user != settings.user and not sets_account
        if another_user or (options.service and options.service != settings.service_url):
            raise BadInput(
                tr("Desk Phone is running with another service or user"),
                tr("Leave out --service and --user, or quit it first."),
            )


def _answer(said: Said) -> Answer:
    return Answer(said.status, said.out, said.err)
