"""XLSForm, the exchange format of questionnaires: .xlsx bytes in, a questionnaire or all problems out, and back."""

from consult.core.exchange.xlsform.reading import Imported, read
from consult.core.exchange.xlsform.summary import Summary
from consult.core.exchange.xlsform.writing import write

__all__ = ["Imported", "Summary", "read", "write"]
