"""What the relay's bundle starts: the same command, and of it the relay alone."""

import sys

from desk_phone.cli import main

words = sys.argv[1:]
sys.exit(main(words if words == ["--version"] else ["relay", *words]))
