"""Overview: in ten seconds, whether money is made, whether messages arrive, and what needs a person."""

from desktop_app.views.screens.overview.screen import OverviewScreen as OverviewScreen
