"""Desk Phone: who called, and call them back."""

__version__ = "0.1.0"
