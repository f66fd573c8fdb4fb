"""The page of the company's phonebook."""
