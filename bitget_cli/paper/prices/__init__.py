"""The price path: a pure function of seed, symbol and time; book and trades follow from it."""
