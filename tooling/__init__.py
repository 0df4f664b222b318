"""What building and checking Maillage needs, and its users do not."""
