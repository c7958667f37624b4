"""The local or shared database: the one importer of SQLAlchemy."""
