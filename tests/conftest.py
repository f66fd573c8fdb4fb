"""What holds for every ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

# How long an example takes says how busy the computer is, and nothing about the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    from tests.patient import PatientBot

    return PatientBot(request)
