"""What can be done with institutions, people and sign-ins, one module per subject."""
