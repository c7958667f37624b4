"""The Sender IDs screen."""

from desktop_app.views.screens.senders.screen import SendersScreen as SendersScreen
