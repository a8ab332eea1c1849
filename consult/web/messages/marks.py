"""Marks a sentence for extraction where it is not translated yet."""


def N_(message: str) -> str:  # noqa: N802  # the name that gettext tools know
    """The sentence itself; whoever shows it translates it."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802  # likewise
    """Both forms of a sentence with a number in it; whoever shows it has `ngettext` choose."""
    return singular, plural
