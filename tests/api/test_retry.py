import httpx
import pytest

from lxdtui.api.retry import AskAgain


class Flaky(httpx.AsyncBaseTransport):
    """Fails with the errors it is given, then answers."""

    def __init__(self, *errors: httpx.TransportError) -> None:
        self.errors = list(errors)
        self.sent: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.method)
        if self.errors:
            raise self.errors.pop(0)
        return httpx.Response(200, content=b"{}")


CUT = [httpx.ReadError("reset"), httpx.WriteError("broken"), httpx.RemoteProtocolError("cut")]


@pytest.mark.parametrize("error", CUT)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_question_is_asked_again_once(method: str, error: httpx.TransportError) -> None:
    flaky = Flaky(error)
    async with httpx.AsyncClient(transport=AskAgain(flaky), base_url="http://lxd") as client:
        assert (await client.request(method, "/")).status_code == 200
    assert flaky.sent == [method, method]


async def test_but_not_twice() -> None:
    flaky = Flaky(httpx.ReadError("reset"), httpx.ReadError("reset"))
    async with httpx.AsyncClient(transport=AskAgain(flaky), base_url="http://lxd") as client:
        with pytest.raises(httpx.ReadError):
            await client.get("/")
    assert flaky.sent == ["GET", "GET"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_what_changes_something_is_never_sent_twice(method: str) -> None:
    flaky = Flaky(httpx.ReadError("reset"))
    async with httpx.AsyncClient(transport=AskAgain(flaky), base_url="http://lxd") as client:
        with pytest.raises(httpx.ReadError):
            await client.request(method, "/")
    assert flaky.sent == [method]


async def test_a_server_that_is_silent_or_away_is_not_asked_again() -> None:
    for error in (httpx.ConnectError("refused"), httpx.ReadTimeout("silent")):
        flaky = Flaky(error)
        async with httpx.AsyncClient(transport=AskAgain(flaky), base_url="http://lxd") as client:
            with pytest.raises(type(error)):
                await client.get("/")
        assert flaky.sent == ["GET"]
