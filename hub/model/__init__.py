"""The ground: frozen dataclasses and enums, standard library only."""
