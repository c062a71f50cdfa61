"""Where the car is asked whether the work was really done, and what was done without being logged."""
