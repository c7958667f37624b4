"""Compose: a message on behalf of a client, with its cost, the client's credit and the sender ID's rules before it is sent."""
