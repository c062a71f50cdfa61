"""What a car told, taken in: readings, gauges, faults, capabilities. Everything passes here."""
