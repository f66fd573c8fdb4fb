"""The words of ``desk-phone phonebook``."""

from __future__ import annotations

import argparse

from desk_phone.i18n import tr

DECISIONS = ("mine", "theirs", "both")
ACCOUNT = 0  # in the place of a conflict's id
ACCOUNT_ANSWERS = ("same", "new")
_AN_HOUR = 3600.0  # seconds


def phonebook_options(parser: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    """``shared`` are the global options, which stand anywhere."""
    deeds = parser.add_subparsers(dest="deed", metavar=tr("DEED"), required=True)

    def deed(name: str, does: str) -> argparse.ArgumentParser:
        return deeds.add_parser(
            name, help=does, description=does, parents=[shared], allow_abbrev=False
        )

    deed("list", tr("print the entries that are known here"))
    _add_options(deed("add", tr("add an entry; it is sent with the next sync")))
    _edit_options(deed("edit", tr("change an entry; it is sent with the next sync")))
    _id(deed("delete", tr("delete an entry; it is gone with the next sync")), tr("ID"))
    _sync_options(deed("sync", tr("bring this copy and the service's together")))
    deed(
        "status", tr("print what waits, and how the last sync went; nothing is asked")
    ).epilog = _ends()
    deed("conflicts", tr("print where somebody else changed the same entry"))
    _resolve_options(deed("resolve", tr("settle a conflict, or say whose another account is")))
    deed("undo", tr("undo the last change that was made here"))
    deed("snapshots", tr("print the states of the phonebook that can be brought back"))
    _restore_options(deed("restore", tr("bring a snapshot back")))
    _import_options(deed("import", tr("add and change what a CSV or vCard file says")))
    deed("export", tr("write a CSV or vCard file")).add_argument(
        "file", metavar=tr("FILE"), help=".csv, .txt, .vcf, .vcard"
    )


def _id(parser: argparse.ArgumentParser, metavar: str) -> None:
    parser.add_argument("id", metavar=metavar, type=int)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry_name", metavar=tr("NAME"))
    parser.add_argument("number1", metavar=tr("NUMBER"))
    parser.add_argument("number2", metavar=tr("NUMBER2"), nargs="?")


def _edit_options(parser: argparse.ArgumentParser) -> None:
    _id(parser, tr("ID"))
    parser.add_argument("--name", dest="entry_name", metavar=tr("NAME"))
    parser.add_argument("--number1", metavar=tr("NUMBER"))
    parser.add_argument("--number2", metavar=tr("NUMBER"), help=tr("empty: none"))


def _sync_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help=tr("sync again for so long, while something waits; then say what is so"),
    )
    parser.epilog = _ends()


def _ends() -> str:
    return tr(
        "Ends with 0 when every change of yours is on the service's list, with 5 while one is not"
        " sent yet, or was sent and is not confirmed."
    )


def _resolve_options(parser: argparse.ArgumentParser) -> None:
    parser.epilog = tr(
        "With another account nothing is asked or sent before you say: resolve account same (the"
        " same company's), or new (this copy is laid aside whole; it comes back with its account)."
    )
    parser.usage = "%(prog)s ID mine|theirs|both\n       %(prog)s account same|new"
    parser.add_argument(
        "id",
        metavar=tr("ID") + "|account",
        type=_conflict,
        help=tr("of a conflict: desk-phone phonebook conflicts"),
    )
    words = (*DECISIONS, *ACCOUNT_ANSWERS)
    parser.add_argument(
        "decision",
        metavar="|".join(words),
        type=_decision,
        help=tr("both: theirs stays, and yours is added beside it"),
    )


def _restore_options(parser: argparse.ArgumentParser) -> None:
    _id(parser, tr("ID"))
    _dry_run(parser)


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar=tr("FILE"))
    _dry_run(parser)


def _dry_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help=tr("only say what would be done"))


def _conflict(text: str) -> int:
    if text == "account":
        return ACCOUNT
    if (given := int(text)) <= 0:
        raise ValueError
    return given


def _decision(text: str) -> str:
    words = (*DECISIONS, *ACCOUNT_ANSWERS)
    if text not in words:
        raise argparse.ArgumentTypeError(tr("one of %(words)s") % {"words": ", ".join(words)})
    return text


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= _AN_HOUR:
        raise ValueError
    return seconds
