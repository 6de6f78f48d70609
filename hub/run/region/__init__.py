"""The demonstration region: synthetic partners and casussen, made by a seed through the calls that partners use."""
