"""How much each car is driven, what is foretold from it, and whether that held."""
