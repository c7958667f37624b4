"""What is seen; no rules."""
