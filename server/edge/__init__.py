"""A stateless process that serves sockets, the page and live states, and passes everything else on to the owner."""
