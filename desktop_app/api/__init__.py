"""The HTTP service for clients and webhooks."""
