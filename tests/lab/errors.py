"""What can go wrong with the lab itself."""


class LabError(Exception):
    """Base of the lab's errors."""


class LabUnavailableError(LabError):
    """This machine cannot run the daemon that was asked for; the text says why."""


class RequestError(LabError):
    """A daemon answered a request with an error.

    Attributes:
        code: The status code in the answer's body, as of HTTP.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{text} ({code})")
        self.code = code
