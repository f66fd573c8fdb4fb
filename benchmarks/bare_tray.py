"""The floor: a bare PySide6 program with a tray icon, a menu and an event loop."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

app = QApplication(sys.argv)
app.setQuitOnLastWindowClosed(False)
picture = QPixmap(32, 32)
picture.fill(QColor("green"))
menu = QMenu()
menu.addAction("Quit", app.quit)
tray = QSystemTrayIcon(QIcon(picture))
tray.setContextMenu(menu)
tray.show()
QTimer.singleShot(0, lambda: print("tray icon shown", file=sys.stderr, flush=True))
sys.exit(app.exec())
