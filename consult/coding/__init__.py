"""The codebook and coding of anything that people write."""
