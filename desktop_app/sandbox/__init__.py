"""The provider simulator: the drivers' wire formats over real HTTP, with scenarios of faults."""
