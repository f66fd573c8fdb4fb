"""How fast and how small, always beside a floor measured in the same run."""
