"""What ships with newskit."""
