"""PostgreSQL through psycopg 3: connections, transactions, locks and notifications."""
