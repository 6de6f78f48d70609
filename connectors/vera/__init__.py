"""VERA, the standard of the woningcorporaties (Aedes): what a corporation knows of one relatie, to fields."""
