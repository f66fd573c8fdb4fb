"""The page of calls, and the person beside it."""
