"""The data floor: Peewee models, the database and its two threads, migrations, the journal, the search index."""
