"""A library is not installed."""

raise ModuleNotFoundError("No module named 'lxml_html_clean'", name="lxml_html_clean")
