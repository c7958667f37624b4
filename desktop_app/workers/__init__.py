"""Where threads meet Qt, and nowhere else."""
