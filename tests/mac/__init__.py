"""The macOS back-ends against a library of the same C signatures: `python3 dev.py test --wine`."""
