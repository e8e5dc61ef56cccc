"""The optional HTTP port: health and metrics."""
