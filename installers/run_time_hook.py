"""Runs before the program in a bundle: what we start must not load the bundle's libraries.

PyInstaller's bootloader points LD_LIBRARY_PATH at the bundle and keeps what it was. A browser or a
CRM started with it would load our copies and crash.
"""

import os
import sys

if sys.platform == "linux":
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = before
