"""The relay's way to its desks: the broker, and the desks' accounts there."""
