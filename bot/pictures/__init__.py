"""Stories as pictures: plans from the model's values, PNG files from a process that knows nothing else."""
