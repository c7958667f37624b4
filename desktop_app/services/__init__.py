"""Use cases: blocking functions of their arguments and a Job; no Qt, no SQL, no HTTP."""
