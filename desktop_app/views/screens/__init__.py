"""One module for each screen; screens do not know each other."""
