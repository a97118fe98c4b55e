"""What a unified account is answered: the same exchange in the words of `/api/v3/…`."""
