"""The provider simulator: the drivers' wire formats over real HTTP, with scenarios of faults.

wire         requests in and answers out of one connection
scenario     what a run is like: prices, balance, credentials, times, faults
faults       the names of the faults, and when one happens
misbehaviour what each fault does on the wire
world        what was accepted, and what became of it by now
prices       what each network costs, the same on every start
receipts     delivery receipts posted back
faces        one module for each provider's wire format
control      the pages under /_sandbox
server       all of it on one loopback port
account      an account there
demo         the invented business that buys there
"""
