"""The rules of the trade: pure values and functions, without input or output."""
