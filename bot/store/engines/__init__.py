"""What differs between database engines: connections, transactions, locks, files and lists of values."""
