"""The words for what can be wrong with an expression."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES: dict[str, str] = {
    # It cannot be read
    "expression.empty": N_("The expression is empty."),
    "expression.too_long": N_(
        "The expression has %(length)s characters; at most %(most)s are allowed. Split it into calculations."
    ),
    "expression.too_deep": N_(
        "The expression is nested %(depth)s levels deep; at most %(most)s are allowed. Split it into calculations."
    ),
    "expression.too_many_parts": N_(
        "The expression has %(parts)s parts; at most %(most)s are allowed. Split it into calculations."
    ),
    "expression.syntax": N_("The expression cannot be read from character %(position)s on, at “%(near)s”."),
    "expression.unfinished": N_("The expression is not finished: a value or a closing bracket is missing at its end."),
    "expression.quote.open": N_(
        "At character %(position)s a quotation mark opens that is never closed, at “%(near)s”."
    ),
    "expression.path": N_(
        "Paths are not part of the expression language (character %(position)s, at “%(near)s”). "
        "Write ${name} to use the answer to a question."
    ),
    "expression.instance": N_("Only one kind of path can be used: instance('list')/root/item[condition]/column."),
    "expression.instance.nested": N_(
        "The condition on the choice list “%(list)s” searches a choice list itself. "
        "Put the inner search into a calculation."
    ),
    "expression.number": N_("The number “%(near)s…” is too large."),
    "expression.function.unknown": N_("There is no function “%(name)s”."),
    "expression.function.misspelt": N_("There is no function “%(name)s”. Is “%(suggestion)s” meant?"),
    "expression.arity.few": N_("%(function)s() needs at least this many arguments: %(least)s. It has %(given)s."),
    "expression.arity.many": N_("%(function)s() takes at most this many arguments: %(most)s. It has %(given)s."),
    "expression.argument.nodeset": N_(
        "Argument %(argument)s of %(function)s() must be a reference such as ${name}, not a value."
    ),
    # It does not fit the questionnaire
    "expression.name.unknown": N_("There is no question named “%(name)s”."),
    "expression.name.misspelt": N_("There is no question named “%(name)s”. Is “%(suggestion)s” meant?"),
    "expression.name.bare": N_("“%(name)s” is the name of a question: write ${%(name)s}."),
    "expression.name.quotes": N_("“%(name)s” stands alone: write '%(name)s' for a text, or ${name} for a question."),
    "expression.column.unknown": N_("The choice list has no column “%(name)s”."),
    "expression.column.misspelt": N_("The choice list has no column “%(name)s”. Is “%(suggestion)s” meant?"),
    "expression.list.unknown": N_("There is no choice list named “%(name)s”."),
    "expression.list.misspelt": N_("There is no choice list named “%(name)s”. Is “%(suggestion)s” meant?"),
    "expression.regex": N_(
        "The pattern “%(pattern)s” cannot be used: it is wrong, or it looks ahead, looks back or refers back "
        "(allowed is RE2 syntax)."
    ),
    "expression.choice_name.question": N_(
        "The second argument of jr:choice-name() must be the name of a question with choices, in quotes: '${name}'."
    ),
    "expression.repeat.needed": N_("%(function)s() has a meaning only where there are repeated groups."),
    "expression.cycle": N_("These calculations wait for each other: %(names)s."),
    # It is doubtful
    "expression.name.later": N_(
        "“%(name)s” is asked later: until then it counts as unanswered. Is the order of the questions as meant?"
    ),
    "expression.name.unanswered": N_("“%(name)s” is a note and never has an answer."),
    "expression.choice.unknown": N_("“%(code)s” is not among the choices of “%(name)s”."),
    "expression.type.number": N_("A number or date is needed where “%(text)s” stands; the result will never be one."),
    "expression.type.comparison": N_("“%(text)s” can never be an answer to a question of the type %(type)s."),
    "expression.type.selection": N_("%(function)s() is meant for questions with choices."),
}
