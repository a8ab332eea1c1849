"""The expression language of questionnaires: the XLSForm dialect of XPath 1.0.

`parse` reads an expression once; the `Expression` is evaluated in an `Environment`; `check` and `cycles` say what is
wrong with it before anyone answers.
"""

from consult.core.expressions.checking import WARNINGS, Scope, check, cycles
from consult.core.expressions.environment import Environment
from consult.core.expressions.expression import Expression, parse
from consult.core.expressions.randomness import shuffled
from consult.core.expressions.values import Value

__all__ = ["WARNINGS", "Environment", "Expression", "Scope", "Value", "check", "cycles", "parse", "shuffled"]
