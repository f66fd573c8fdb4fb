"""What Qt says by itself in our windows: buttons, the menus of fields, choosing a file, printing.

The keys are Qt's own texts, an ampersand before the letter of the keyboard and all.
"""

from __future__ import annotations

from desk_phone.i18n import ptr


def table() -> dict[str, str]:
    """In the language that is spoken now."""
    return _buttons() | _editing() | _stepping() | _files() | _printing() | _print_dialog()


def _buttons() -> dict[str, str]:
    return {
        "OK": ptr("button", "OK"),
        "&OK": ptr("button", "&OK"),
        "Save": ptr("button", "Save"),
        "Open": ptr("button", "Open"),
        "&Yes": ptr("button", "&Yes"),
        "&No": ptr("button", "&No"),
        "Close": ptr("button", "Close"),
        "Cancel": ptr("button", "Cancel"),
        "Discard": ptr("button", "Discard"),
        "Help": ptr("button", "Help"),
        "Apply": ptr("button", "Apply"),
        "Retry": ptr("button", "Retry"),
    }


def _editing() -> dict[str, str]:
    return {
        "&Undo": ptr("text field", "&Undo"),
        "&Redo": ptr("text field", "&Redo"),
        "Cu&t": ptr("text field", "Cu&t"),
        "&Copy": ptr("text field", "&Copy"),
        "&Paste": ptr("text field", "&Paste"),
        "Delete": ptr("text field", "Delete"),
        "Select All": ptr("text field", "Select All"),
        "Copy &Link Location": ptr("text field", "Copy &Link Location"),
    }


def _stepping() -> dict[str, str]:
    return {
        "&Select All": ptr("number field", "&Select All"),
        "&Step up": ptr("number field", "&Step up"),
        "Step &down": ptr("number field", "Step &down"),
        "Scroll here": ptr("scroll bar", "Scroll here"),
        "Top": ptr("scroll bar", "Top"),
        "Bottom": ptr("scroll bar", "Bottom"),
        "Page up": ptr("scroll bar", "Page up"),
        "Page down": ptr("scroll bar", "Page down"),
        "Scroll up": ptr("scroll bar", "Scroll up"),
        "Scroll down": ptr("scroll bar", "Scroll down"),
    }


def _files() -> dict[str, str]:
    """Of the dialog where the desktop has none of its own."""
    return {
        "Look in:": ptr("choosing a file", "Look in:"),
        "&Look in:": ptr("choosing a file", "&Look in:"),
        "File &name:": ptr("choosing a file", "File &name:"),
        "Files of type:": ptr("choosing a file", "Files of type:"),
        "Files of &type:": ptr("choosing a file", "Files of &type:"),
        "Directory:": ptr("choosing a file", "Directory:"),
        "&Open": ptr("choosing a file", "&Open"),
        "&Save": ptr("choosing a file", "&Save"),
        "&Choose": ptr("choosing a file", "&Choose"),
        "&Rename": ptr("choosing a file", "&Rename"),
        "&Delete": ptr("choosing a file", "&Delete"),
        "Show &hidden files": ptr("choosing a file", "Show &hidden files"),
        "&New Folder": ptr("choosing a file", "&New Folder"),
        "Back": ptr("choosing a file", "Back"),
        "Forward": ptr("choosing a file", "Forward"),
        "Parent Directory": ptr("choosing a file", "Parent Directory"),
        "Create New Folder": ptr("choosing a file", "Create New Folder"),
        "List View": ptr("choosing a file", "List View"),
        "Detail View": ptr("choosing a file", "Detail View"),
        "Name": ptr("choosing a file", "Name"),
        "Size": ptr("choosing a file", "Size"),
        "Type": ptr("choosing a file", "Type"),
        "Date Modified": ptr("choosing a file", "Date Modified"),
        "Computer": ptr("choosing a file", "Computer"),
        "Folder": ptr("choosing a file", "Folder"),
        "Drive": ptr("choosing a file", "Drive"),
        "%1 already exists.\nDo you want to replace it?": ptr(
            "choosing a file", "%1 already exists.\nDo you want to replace it?"
        ),
        "%1\nFile not found.\nPlease verify the correct file name was given.": ptr(
            "choosing a file",
            "%1\nFile not found.\nPlease verify the correct file name was given.",
        ),
    }


def _printing() -> dict[str, str]:
    return {
        "Print": ptr("printing", "Print"),
        "&Print": ptr("printing", "&Print"),
        "Printer": ptr("printing", "Printer"),
        "&Name:": ptr("printing", "&Name:"),
        "Copies": ptr("printing", "Copies"),
        "Options": ptr("printing", "Options"),
        "&Options >>": ptr("printing", "&Options >>"),
        "&Options <<": ptr("printing", "&Options <<"),
        "Print to File (PDF)": ptr("printing", "Print to File (PDF)"),
        "Print all": ptr("printing", "Print all"),
        "Paper": ptr("printing", "Paper"),
        "Portrait": ptr("printing", "Portrait"),
        "Landscape": ptr("printing", "Landscape"),
    }


def _print_dialog() -> dict[str, str]:
    """Of Qt's own dialog, which Linux has."""
    return {
        "P&roperties": ptr("printing", "P&roperties"),
        "Location:": ptr("printing", "Location:"),
        "Type:": ptr("printing", "Type:"),
        "Output &file:": ptr("printing", "Output &file:"),
        "Local file": ptr("printing", "Local file"),
        "Write PDF file": ptr("printing", "Write PDF file"),
        "Print range": ptr("printing", "Print range"),
        "Pages from": ptr("printing", "Pages from"),
        "Page &Set:": ptr("printing", "Page &Set:"),
        "All Pages": ptr("printing", "All Pages"),
        "Odd Pages": ptr("printing", "Odd Pages"),
        "Even Pages": ptr("printing", "Even Pages"),
        "Output Settings": ptr("printing", "Output Settings"),
        "Copies:": ptr("printing", "Copies:"),
        "Collate": ptr("printing", "Collate"),
        "Reverse": ptr("printing", "Reverse"),
        "Double Sided Printing": ptr("printing", "Double Sided Printing"),
        "None": ptr("printing", "None"),
        "Color Mode": ptr("printing", "Color Mode"),
        "Color": ptr("printing", "Color"),
        "Grayscale": ptr("printing", "Grayscale"),
        "Page size:": ptr("printing", "Page size:"),
        "Width:": ptr("printing", "Width:"),
        "Height:": ptr("printing", "Height:"),
        "Paper source:": ptr("printing", "Paper source:"),
        "Margins": ptr("printing", "Margins"),
        "to": ptr("printing", "to"),
        "Pages": ptr("printing", "Pages"),
        "Long side binding": ptr("printing", "Long side binding"),
        "Short side binding": ptr("printing", "Short side binding"),
        "Orientation": ptr("printing", "Orientation"),
    }
