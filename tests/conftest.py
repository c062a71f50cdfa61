"""Nothing is shared here by default: a scene belongs beside the tests that play in it."""
