"""One module per provider; drivers do not know each other."""
