"""Contacts that other programs keep, read and never written: files, addresses, CardDAV, LDAP.

Everything here runs in a worker: frozen values in, a `model.elsewhere.Listing` or a `PhoneError`
out. A reading is whole or it is none: what was cut off is an error, never a shorter list.
"""
