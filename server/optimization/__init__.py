"""Parameter spaces, the trials over them."""
