"""SMS Desk: the desktop application of a reseller of international SMS."""
