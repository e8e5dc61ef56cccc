"""Processes of limited rights, for work on external data: parsing what publishers send, drawing pictures."""
