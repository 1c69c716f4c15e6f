"""The generator: from record files to pages, data and messages.

Plain Python. It knows neither MkDocs nor the clock nor the network, so every
module can be called from a script, a test or a hook in the same way.

One record travels: file -> Raw -> record -> Catalog -> relations -> view -> HTML.
Imports point only downwards in this order (``tests/test_architecture.py`` holds it)::

    problems, aside, dates, limits, conversion, naming, pictures, frontmatter, vocabulary,
    thesaurus, fields, model, reading, operator, open_data, publishing, federation, store, persons,
    wording, links, table_names, progress, archive, rules, relations, history, german, similarity,
    adoption, atlas, shipped, forms, writing, readability, editorial, site, render, downloads, sharing,
    events, feeds, finding, views, sitemap, lexicon, schema, shapes, spreadsheets, tables, flat,
    columnar, openapi, bundle, dcat, policy, linked, shell, export, harvesting, staging, editing
"""
