"""Qt models: typed rows in, roles out."""
