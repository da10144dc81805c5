"""Downloads: bars fetched from exchanges in processes of their own."""
