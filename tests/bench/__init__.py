"""Benchmarks: our figure beside a bare reference in the same run. They never judge by the clock in a test."""
