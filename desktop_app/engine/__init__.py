"""What runs by itself, without Qt: claiming, sending, receipts."""
