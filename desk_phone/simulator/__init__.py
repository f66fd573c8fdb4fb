"""A company that never existed: the Smart Calls service over real HTTP, with a life of its own."""

from desk_phone.simulator.simulator import Simulator

__all__ = ["Simulator"]
