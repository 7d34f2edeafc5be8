"""What the teachers and students of several models share."""
