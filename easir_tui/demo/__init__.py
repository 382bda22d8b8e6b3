"""A made-up Danish car dealership of any size, to look around in, to test on and to measure with."""
