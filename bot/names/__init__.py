"""Who is meant: companies by alias, script, folded spelling and typo."""
