"""The relay's database, opened by a command beside the running relay, for one deed."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TypeVar

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.database import Deed
from desk_phone.relay.schema import STEPS
from desk_phone.store.database import open_database, writing

R = TypeVar("R")


def do(configuration: Configuration, now: datetime, deed: Deed[R]) -> R:
    """What the deed gives, durable. Raises BadInput and what the deed raises."""
    make_folders(configuration)
    opened = open_database(configuration.database, configuration.backups, now, STEPS)
    with closing(opened.db) as db, writing(db):
        return deed(db)


def make_folders(configuration: Configuration) -> None:
    """Those of the state, for this user alone. Raises BadInput."""
    try:
        for folder in (configuration.state_dir, configuration.backups):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            tr("The folder %(path)s cannot be used") % {"path": configuration.state_dir},
            tr("Run this as the relay's user (%(why)s).")
            % {"why": error.strerror or type(error).__name__},
        ) from error
