"""What the study reports to its user instead of a traceback."""


class StudyError(Exception):
    """Something failed while running or reading: exit code 1."""


class UsageError(StudyError):
    """The command line is wrong: exit code 2; the text names the offending value and what is accepted."""
