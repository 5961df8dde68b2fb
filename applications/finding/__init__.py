"""What the machine can tell about a plan's text and tables; pure functions over what a snapshot holds."""
