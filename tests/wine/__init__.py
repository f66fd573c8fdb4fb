"""The Windows back-ends, in a Python for Windows under Wine: `python3 dev.py test --wine`."""
