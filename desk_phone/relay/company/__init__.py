"""The company's service, asked by the relay alone for all desks."""
