"""A casus comes into being and changes: aanmelding, records of the registry, deliveries, conditions of the source."""
