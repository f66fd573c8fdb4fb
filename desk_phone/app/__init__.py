"""What the program does: acts without Qt, and the controllers that wrap them in signals."""
