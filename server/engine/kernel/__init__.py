"""The exact rules of orders, fills and accounts: one text for both forms of a run.

The interpreter runs these modules as they stand; `server.engine.compile` pastes the same functions into the modules
that it generates. So they keep to what both do alike: whole numbers of 64 bits, floats, records, loops; no text, no
allocation, no exceptions. What needs another form in each is in `journal` alone.

Money in money units, prices in ticks, quantities in lots. Amounts stay within ±2**61, prices and lots within ±2**53.
"""
