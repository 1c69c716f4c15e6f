"""What editors' tools need beyond the generator: drafts of records, mending, forms of forges, spreadsheets.

Pure functions like the rest of the catalogue: scripts read and write the files.
"""
