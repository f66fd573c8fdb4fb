"""What holds for every ring."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says how busy the computer is, and nothing about the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
