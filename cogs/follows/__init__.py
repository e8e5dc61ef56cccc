"""Following: subscribe, list and manage."""
