"""Tables on paper, or in a PDF file. The dialog is opened, never waited for."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from desk_phone.transfer.tables import Table

_STYLE = """
body { font-size: 9pt; color: black; }
h1 { font-size: 14pt; }
th { text-align: left; border-bottom: 1px solid black; }
td, th { padding: 3px 10px 3px 0; }
"""


def document(table: Table) -> QTextDocument:
    """Every text is shown as it is: none is markup."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    made = QTextDocument()
    made.setDefaultStyleSheet(_STYLE)
    made.setHtml(
        f"<h1>{escape(table.title)}</h1><table width='100%' cellspacing='0'>"
        f"<thead><tr>{head}</tr></thead>{rows}</table>"
    )
    return made


def ask_and_print(parent: QWidget, table: Table) -> QWidget:
    """Let the person choose a printer, or a file, then print."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # 3 MB that most people never need

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(table.title)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: document(table).print_(printer))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()
    return dialog
