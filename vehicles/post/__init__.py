"""The webhook’s letters: kept at the door, opened later, read again."""
