"""Work orders: written, moved from hand to hand, and settled line by line."""
