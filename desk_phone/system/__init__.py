"""The operating system: keyring, lock, hand-over, windows of others."""
