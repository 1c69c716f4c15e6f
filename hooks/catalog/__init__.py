"""The generator: from record files to pages, data and messages.

Plain Python. It knows neither MkDocs nor the clock nor the network, so every
module can be called from a script, a test or a hook in the same way.

One record travels: file -> Raw -> record -> Catalog -> relations -> view -> HTML.
Imports point only downwards in this order (``tests/test_architecture.py`` holds it)::

    problems, dates, limits, conversion, naming, pictures, frontmatter, vocabulary, thesaurus,
    fields, model, reading, operator, publishing, federation, store, wording, links, table_names,
    progress, archive, rules, relations, german, similarity, adoption, atlas, shipped, forms,
    writing, readability, editorial, render, downloads, finding, views, lexicon, schema, shapes,
    spreadsheets, tables, flat, columnar, openapi, bundle, policy, export, harvesting, staging,
    editing
"""
