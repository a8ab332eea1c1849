"""What institutions answer: several hands on one response, signed by one of them."""
