"""The durable record of every change to an account, written before it is sent."""
