"""Answers about the customer's own orders, positions and money, in the shape of Bitget's."""
