"""What a page about connections shows."""
