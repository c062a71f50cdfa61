"""An owner’s consent from the first walk through Connect to its end."""
