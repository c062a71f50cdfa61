"""Which work falls due on which vehicle, and who has said so."""
