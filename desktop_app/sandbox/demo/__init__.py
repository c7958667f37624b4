"""The business of the demo data: an invented reseller with thirty days behind it, on the services everybody uses.

travel    a clock that can be moved
line      the drivers' requests answered in this process, without a connection
office    the services on that clock, and a diary of what happens when
costs     what the provider asks for, and how that moved
pricing   rules and prices set by hand
clients   who is sold to: credit, special prices, numbers that opted out
senders   sender IDs: requests, documents, decisions
papers    the documents
numbers   telephone numbers to send to
traffic   who sends how much where, and what
mishaps   what does not go as usual
business  all of it, in the order of time
"""
