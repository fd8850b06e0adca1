"""What is timed, never asserted: ratios to floors measured in the same run (`make bench`)."""
