"""XLSForm, the exchange format of questionnaires: .xlsx bytes in, a questionnaire or all problems out."""

from consult.core.exchange.xlsform.reading import Imported, read
from consult.core.exchange.xlsform.summary import Summary

__all__ = ["Imported", "Summary", "read"]
