"""The account's bookings as files for a tax return."""
