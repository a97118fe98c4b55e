"""Who trades where: profiles, keys and the hosts they may be sent to."""
