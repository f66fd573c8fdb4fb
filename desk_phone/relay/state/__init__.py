"""What the relay remembers: its database, and the deeds that are done with it."""
