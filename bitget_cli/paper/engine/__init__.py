"""The trading floor: what happens to orders, positions and money, and when."""
