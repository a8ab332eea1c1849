"""The contact keys: a further one, everything sealed anew under it, the old one gone."""
