"""The only code that says SQL: tables, transactions, and rows that leave as frozen values."""
