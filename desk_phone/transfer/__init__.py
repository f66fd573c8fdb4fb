"""Names and numbers to and from files of other programs: CSV and vCard.

Both are read and written by code of our own. Of the vCard libraries vobject and its successor
vobjectx know no version 4, refuse the quoted-printable names of Outlook, give up a whole file at
one broken line, bring dateutil and take seven times as long; charset-normalizer takes Estonian in
a Windows code page for Polish.
"""
