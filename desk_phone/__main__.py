"""``python -m desk_phone`` is the command ``desk-phone``."""

import sys

from desk_phone.cli import main

sys.exit(main())
