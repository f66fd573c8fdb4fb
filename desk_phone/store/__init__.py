"""SQLite: what must outlive the program."""
