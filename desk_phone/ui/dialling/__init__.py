"""The palette, and the question before a call."""
