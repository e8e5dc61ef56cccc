"""Feeds: which addresses may be asked, fetching, polling, subscription lists."""
