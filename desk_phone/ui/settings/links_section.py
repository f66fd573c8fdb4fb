"""Settings: whose the links to phone numbers are, and whether the program starts at the login."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.system.autostart import Autostart, Start
from desk_phone.system.links import Links, Scheme
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.choices import wrapped
from desk_phone.ui.label import give_role
from desk_phone.ui.settings.section import SectionFrame


class LinksSection(SectionFrame):
    """Looks again each time it is shown: other programs and the desktop change the same things."""

    def __init__(self, links: Links, autostart: Autostart, parent: QWidget | None = None) -> None:
        super().__init__(tr("Links and start"), parent)
        self._links, self._autostart = links, autostart
        self.schemes = {scheme: wrapped(QCheckBox(_title(scheme))) for scheme in Scheme}
        self.system = push_button(tr("Open the system's settings"))
        self.start = wrapped(QCheckBox(tr("Start when I log in, without a window")))
        self._build()
        self._wire()
        self.look()

    def focus_first(self) -> None:
        """What an administrator chose takes no keyboard."""
        boxes = (*self.schemes.values(), self.start)
        next((box for box in boxes if box.isEnabled()), boxes[0]).setFocus()

    @property
    def status(self) -> str:
        return f"{self._holders.text()}\n{self._started.text()}".strip()

    def look(self) -> None:
        """Show how it is now."""
        self._show_links()
        self._show_start()

    def _build(self) -> None:
        self.add_sentence(
            tr("A click on a phone number in a browser or an e-mail asks here before it calls.")
        )
        for box in self.schemes.values():
            self.column.addWidget(box)
        self._holders = self.add_sentence("", "small")
        row = QHBoxLayout()
        row.addWidget(self.system)
        row.addStretch(1)
        self.column.addLayout(row)
        self.system.setVisible(bool(self._links.settings_uri))
        self.column.addSpacing(8)
        self.column.addWidget(self.start)
        self._started = self.add_sentence("", "small")

    def _wire(self) -> None:
        for box in self.schemes.values():
            box.clicked.connect(self._take)
        self.start.clicked.connect(self._set_start)
        self.system.clicked.connect(self._open_settings)

    # links

    def _take(self) -> None:
        boxes = [(s, box) for s, box in self.schemes.items() if box.isEnabled()]
        wanted = {scheme for scheme, box in boxes if box.isChecked()}
        try:
            if wanted:
                self._links.take(wanted)
            else:
                self._links.give_back()
        except OSError as error:
            self._show_links()
            self._say_links(_failure(error), "bad")
            return
        self._show_links()
        if wanted and self._links.needs_person:
            self._say_links(tr("Now choose Desk Phone for these links in the system's settings."))
            self._open_settings()

    def _show_links(self) -> None:
        others = []
        try:
            for scheme, box in self.schemes.items():
                holder = self._links.holder(scheme)
                box.setChecked(holder.is_ours)
                box.setEnabled(not holder.for_all)
                if holder.for_all:
                    said = tr("%(scheme)s opens Desk Phone for everybody on this computer.")
                    others.append(said % {"scheme": f"{scheme}:"})
                if holder.name:
                    values = {"scheme": f"{scheme}:", "name": words.plain(holder.name, 40)}
                    others.append(tr("%(scheme)s now opens %(name)s.") % values)
        except OSError as error:
            self._say_links(_failure(error), "bad")
            return
        self._say_links(" ".join(others))

    def _say_links(self, text: str, role: str = "small") -> None:
        self._holders.setText(text)
        self._holders.setVisible(bool(text))
        give_role(self._holders, role)

    def _open_settings(self) -> None:
        QDesktopServices.openUrl(QUrl(self._links.settings_uri))

    # the login

    def _set_start(self, on: bool) -> None:
        try:
            self._autostart.set(on)
        except OSError as error:
            self._show_start()
            self._say_start(_failure(error), "bad")
            return
        self._show_start()

    def _show_start(self) -> None:
        try:
            state = self._autostart.state()
        except OSError as error:
            self._say_start(_failure(error), "bad")
            return
        self.start.setChecked(state in (Start.ON, Start.EVERYBODY))
        self.start.setEnabled(state is not Start.EVERYBODY)
        said = {
            Start.FORBIDDEN: tr("Switched off in the system's own settings."),
            Start.EVERYBODY: tr("It starts at the login of everybody on this computer."),
        }
        self._say_start(said.get(state, ""))

    def _say_start(self, text: str, role: str = "small") -> None:
        self._started.setText(text)
        self._started.setVisible(bool(text))
        give_role(self._started, role)

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()


def _title(scheme: Scheme) -> str:
    return {
        Scheme.TEL: tr("tel: links, the usual ones"),
        Scheme.CALLTO: tr("callto: links, of older pages and Skype"),
        Scheme.SIP: tr("sip: links, where they hold a phone number"),
    }[scheme]


def _failure(error: OSError) -> str:
    return tr("The system refused: %(why)s") % {"why": error.strerror or type(error).__name__}
