"""Real servers for tests, each on free loopback ports and ended with the test: SMTP, IMAP, and what they need."""
