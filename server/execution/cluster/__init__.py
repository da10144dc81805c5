"""The executor on a Dask cluster: what the owner's side needs, and what runs beside Dask's workers."""
