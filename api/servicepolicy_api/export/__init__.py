"""The answer as files: JSON for programs, CSV for tables, Excel for people."""
