"""The server that a company runs once: docs/relay.md."""
