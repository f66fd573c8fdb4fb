"""Room for a form under a list: as high as it needs, and scrolled where there is not so much."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QWidget

_AT_LEAST = 112  # px, of what is higher
_UNDER = 44  # px: two lines under a field


class FormArea(QScrollArea):
    """It is there while its form is shown: in its ``parent``, else it were a window meanwhile."""

    def __init__(self, form: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        is_hidden = form.isHidden()
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        if is_hidden:
            form.hide()
            self.hide()
        form.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget():
            if event.type() is QEvent.Type.ShowToParent:
                self.show()
            elif event.type() is QEvent.Type.HideToParent:
                self.hide()
            elif event.type() is QEvent.Type.LayoutRequest:
                self.updateGeometry()
                QTimer.singleShot(0, self, self._keep_in_sight)
        return super().eventFilter(watched, event)

    def _keep_in_sight(self) -> None:
        """The field with the keyboard, and what is wrong with it, which is said under it."""
        form, field = self.widget(), QApplication.focusWidget()
        if form is not None and field is not None and form.isAncestorOf(field):
            self.ensureWidgetVisible(field, 0, _UNDER)

    def sizeHint(self) -> QSize:
        """Wrapped lines are as high as they are at this width."""
        form = self.widget()
        layout = form.layout() if form is not None else None
        if layout is None:
            return super().sizeHint()
        across = self.width()
        hint = layout.totalSizeHint()
        if not layout.hasHeightForWidth():
            return hint
        least = layout.totalMinimumSize().height()
        return QSize(hint.width(), max(layout.totalHeightForWidth(across), least))

    def minimumSizeHint(self) -> QSize:
        form = self.widget()
        across = form.minimumSizeHint().width() if form is not None else 0
        return QSize(across, min(_AT_LEAST, self.sizeHint().height()))
