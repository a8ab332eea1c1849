"""Opinion groups: from votes on statements to groups, what marks them, and what all share; numpy and nothing else."""
