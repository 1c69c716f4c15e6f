"""The yearly round: a table for each partner to confirm and correct its measures, and the way back.

    columns     what is asked, and how values stand in cells
    asking      a partner's measures with what to confirm; what the table remembers of them
    workbook    the .xlsx file itself, written and read
    answering   what came back: changes, new measures, conflicts, problems by cell

A catalogue goes out as a table and comes back as changes. A table that nobody
touched brings no change at all.
"""
