"""SQLite: connections, the one writer, reads in threads, database files and locks."""
