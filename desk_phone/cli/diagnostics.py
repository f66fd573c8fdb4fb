"""``desk-phone diagnostics [FILE]``: makes the report here, and asks the running program, if any.

Nothing is opened that it could change: no lock is taken, a damaged database stays where it is.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from desk_phone import settings as settings_file
from desk_phone.app.kept_settings import load_preset
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.diagnostics import Part, parts_in
from desk_phone.options import Options
from desk_phone.paths import Paths, preset
from desk_phone.said import Said, Status, as_json
from desk_phone.settings import BadSettings, Preset, Settings
from desk_phone.system.handover import hand_over
from desk_phone.system.request import Request

PATIENCE = 10.0  # seconds for the running program


def run(options: Options, place: Paths) -> Said:
    """Raises BadInput where the file cannot be written."""
    from desk_phone.app import diagnostics

    now = datetime.now(UTC)
    settings, fixed, trouble = _settings(place)
    live = (*trouble, *_live(place))
    report = diagnostics.make(place, settings, live, diagnostics.system_probes(), now, fixed)
    file = _file(options, diagnostics.default_name(now))
    diagnostics.save(file, diagnostics.bundle(report, place, settings))
    if options.json:
        return Said(out=as_json({"file": str(file)}))
    said = tr("The report is in %(file)s. Look into it before you send it to anybody.")
    return Said(out=said % {"file": file} + "\n")


def _file(options: Options, name: str) -> Path:
    chosen = Path(options.file) if options.file else Path(name)
    return (chosen / name if chosen.is_dir() else chosen).absolute()


def _settings(place: Paths) -> tuple[Settings, Preset, tuple[Part, ...]]:
    """Those in the file and for everybody; and what cannot be read of them."""
    wrong: list[tuple[str, str]] = []
    fixed = Preset()
    try:
        fixed = load_preset(preset())
    except BadInput:
        wrong.append(("for everybody", "cannot be read"))
    settings = fixed.settings
    try:
        settings = settings_file.load(place.settings, fixed)
    except BadSettings:
        wrong.append(("own", "cannot be read"))
    return settings, fixed, (Part("Settings files", tuple(wrong)),) if wrong else ()


def _live(place: Paths) -> tuple[Part, ...]:
    try:
        answer = hand_over(place.endpoint, Request(("diagnostics",)), PATIENCE)
        if answer is None:
            return (_running("no"),)
        if answer.status != Status.DONE:
            return (_running("yes, and it refused to say more"),)
        return (_running("yes"), *parts_in(json.loads(answer.out)))
    except PhoneError as error:
        return (_running(f"it did not answer: {type(error).__name__}"),)
    except ValueError:
        return (_running("yes, and it answered nonsense"),)


def _running(how: str) -> Part:
    return Part("Running program", (("runs", how),))
