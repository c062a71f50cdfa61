"""The pages about plans: programs, tasks, last services, what if."""
