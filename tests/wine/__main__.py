"""Run a program for Windows under Wine on a private desktop; its words go straight through.

python -m tests.wine PREFIX PROGRAM [WORDS]
"""

from __future__ import annotations

import subprocess
import sys

from tests.desktop import Desktop
from tests.desktop.sandbox import ROOT


def main(prefix: str, *command: str) -> int:
    with Desktop(notifications="none") as desktop:
        wine = {
            "WINEPREFIX": prefix,
            "WINEDEBUG": "-all",
            "WINEARCH": "win64",
            "WINEDLLOVERRIDES": "mscoree=d;mshtml=d",  # else it asks to download them
            "QT_QPA_PLATFORM": "windows",
        }
        # Python finds no standard streams in what Wine makes of files: only pipes will do.
        program = subprocess.Popen(
            ["wine", *command],
            cwd=ROOT,
            env={**desktop.env, **wine},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            with program:
                for line in program.stdout or ():
                    sys.stdout.buffer.write(line)
                    sys.stdout.flush()
                return program.wait()
        finally:
            # What is left is ended only after it wrote its registry.
            subprocess.run(["wineserver", "-k"], env={**desktop.env, **wine}, check=False)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
