"""consult: ministries listen to their diaspora and turn what they hear into evidence."""

__version__ = "0.1.0"
