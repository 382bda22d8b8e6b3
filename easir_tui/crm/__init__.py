"""The rules of the business, one file a concept: plain functions that read or write and know no widget."""
