"""Who calls, whom one missed: in the corner of the screen."""
