"""Stories as pictures: plans built from the model's values, and PNG files from a process that knows nothing else."""
