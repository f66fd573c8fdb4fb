"""What a bundle starts."""

import sys

from desk_phone.cli import main

sys.exit(main())
