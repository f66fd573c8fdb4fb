"""How one server is reached and heard: connections, limits, the meter. Knows no service."""
