"""What keeps money safe, in standard words."""
