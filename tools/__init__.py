"""What `dev.py` is made of. Standard library only: it runs before anything is installed."""

import sys

if (
    sys.hexversion < 0x030B0000
):  # here, because this file is read before any that an older Python trips over
    sys.exit(
        "Desk Phone needs Python 3.11 or newer, and this is "
        f"{sys.version_info[0]}.{sys.version_info[1]}.\n"
        "Install a newer one and start it by name, for example: python3.12 dev.py test"
    )
