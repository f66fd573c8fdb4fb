"""The company: the Smart Calls service in our own words, and how it is spoken to."""
