"""What people type and click: arguments in, one call of a room, a card out."""
