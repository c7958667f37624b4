"""Prices: what each country costs and is sold for; edited as a draft, saved as one change."""

from desktop_app.views.screens.prices.screen import PricesScreen

__all__ = ["PricesScreen"]
