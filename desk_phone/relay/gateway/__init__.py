"""What desks ask the relay over HTTP."""
