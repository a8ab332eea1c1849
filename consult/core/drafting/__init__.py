"""Draft texts that people comment on: read from files, kept block by block, compared from version to version."""
