"""The outside world as plain records: vCard, CSV, and later mail, letters and calendars."""
