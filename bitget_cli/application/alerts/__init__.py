"""Alerts: what comes in over the webhook, what it may do, and what is done with it."""
