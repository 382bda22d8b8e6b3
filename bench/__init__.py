"""Every figure the program promises, measured beside a reference in the same run: `make bench`."""
