"""The building blocks that screens share."""
