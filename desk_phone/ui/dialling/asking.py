"""The question before a call and the choice of a number: made with the first wish they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desk_phone.app.dial import Plan
from desk_phone.app.dialler import Dial, Dialler
from desk_phone.errors import PhoneError
from desk_phone.model.dialing import Source

if TYPE_CHECKING:
    from desk_phone.ui.dialling.ask_box import AskBox
    from desk_phone.ui.dialling.number_choice import NumberChoice


class Asking(QObject):
    """A tray at rest has neither, nor their modules, nor a letter that they would paint: 2 MB. The
    first question comes some 20 ms later for that."""

    chosen = Signal(str)  # a number as it was written, of several

    def __init__(self, dialler: Dialler, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialler = dialler
        self._box: AskBox | None = None
        self._choice: NumberChoice | None = None
        dialler.asked.connect(self._ask)
        dialler.progressed.connect(self._progressed)
        dialler.refused_elsewhere.connect(self._refused)

    @property
    def box(self) -> AskBox:
        """It hears the dialler itself from its making on."""
        if self._box is None:
            from desk_phone.ui.dialling.ask_box import AskBox

            self._box = AskBox(self._dialler)
        return self._box

    @property
    def choice(self) -> NumberChoice:
        if self._choice is None:
            from desk_phone.ui.dialling.number_choice import NumberChoice

            self._choice = NumberChoice()
            self._choice.chosen.connect(self.chosen)
        return self._choice

    def speak_again(self) -> None:
        """In the language that is spoken now."""
        for made in (self._box, self._choice):
            if made is not None:
                made.speak_again()

    # what comes before there is a box: a new listener hears nothing of what is being told

    def _ask(self, plan: Plan) -> None:
        if self._box is None:
            self.box.ask(plan)

    def _progressed(self, dial: Dial) -> None:
        if self._box is None and dial.plan.source is Source.HOTKEY:  # told by the box alone
            self.box.tell(dial)

    def _refused(self, error: PhoneError) -> None:
        if self._box is None:
            self.box.refuse(error)
