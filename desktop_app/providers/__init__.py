"""Talking to the SMS providers we buy from."""
