"""The desk's commands and forms."""
