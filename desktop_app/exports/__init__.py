"""Tables to and from files: CSV and XLSX."""
