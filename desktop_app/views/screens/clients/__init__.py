"""Clients & credits."""

from desktop_app.views.screens.clients.screen import ClientsScreen

__all__ = ["ClientsScreen"]
