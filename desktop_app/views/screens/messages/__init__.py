"""The Messages screen: messages, jobs, what is scheduled, drafts, and unknown outcomes."""

from desktop_app.views.screens.messages.screen import MessagesScreen as MessagesScreen
