"""Online consultations: for now, the analysis of votes on statements on the command line."""
