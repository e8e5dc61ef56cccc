"""A library says in two lines what is wrong."""

raise ImportError("It moved.\nInstall another package.")
