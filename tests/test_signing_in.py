"""Who sees what: two people and a proxy before a real server, by the page's own addresses and by bare requests."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from argon2 import PasswordHasher
from gradio_client import Client

from assistant.messages import Version
from assistant.store.users import UserStore
from tests.serving import Site, serving
from tests.test_cli import run as run
from ui.errors import SettingsError
from ui.settings import Settings, check_sign_in
from ui.web.pictures import RAW
from ui.web.signing_in import COOKIE, MAX_TRIES, TRY_SECONDS, Tries

# gradio leaves sockets and event loops of its own open; that is nothing of ours.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
PASSWORDS = {"ada": "correct horse", "bob": "battery staple"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from ui.web.server import make_server

    with serving(tmp_path_factory.mktemp("data"), make=make_server, auth=True) as site:
        for name, password in PASSWORDS.items():
            site.app.users.set(name, password, name, site.app.turns.clock())
        yield site


@contextmanager
def visitor(site: Site, name: str = "") -> Iterator[httpx.Client]:
    """A browser, signed in if somebody is named."""
    with httpx.Client(base_url=site.address) as client:
        if name:
            answer = client.post("/sign-in", data={"name": name, "password": PASSWORDS[name]})
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
        yield client


@pytest.fixture(scope="module")
def adas(site: Site) -> Version:
    """A picture of Ada's."""
    talk = site.app.turns.new_conversation("ada")
    site.app.turns.wait(site.app.turns.submit(talk.id, "draw a secret", owner="ada"), 20, "ada")
    return site.app.turns.versions(talk.id, "ada")[0]


def test_a_stranger_gets_the_form_and_nothing_else(site: Site, adas: Version) -> None:
    with visitor(site) as stranger:
        page = stranger.get(f"/?c={adas.conversation_id}")
        assert (page.status_code, page.headers["location"]) == (303, f"/sign-in?to=%2F%3Fc%3D{adas.conversation_id}")
        for path in (
            f"/pictures/{adas.image}", f"/pictures/{adas.image}?w=112", f"/pictures/{adas.image}?save=v1",
            f"/previews/{adas.turn_id}", "/config", "/gradio_api/info", "/gradio_api/queue/data?session_hash=abc",
            "/gradio_api/file=limner.db", "/theme.css", "/v1/../config", "/sign-in/", "/mcp/config", "/v1",
        ):  # fmt: skip
            answer = stranger.get(path)
            assert answer.status_code == 401, path
            assert "secret" not in answer.text
        assert stranger.post("/pictures", content=b"x", headers={"content-type": RAW}).status_code == 401
        assert stranger.post("/gradio_api/queue/join", json={"data": [], "fn_index": 0}).status_code == 401
        assert stranger.get("/v1/models").status_code == 401
        assert stranger.post("/mcp", json={}).status_code == 401


def test_each_sees_their_own_and_the_other_gets_nothing_by_any_address(site: Site, adas: Version) -> None:
    with visitor(site, "ada") as ada, visitor(site, "bob") as bob:
        for path in (f"/pictures/{adas.image}", f"/pictures/{adas.image}?w=112", f"/pictures/{adas.image}?save=v1"):
            assert ada.get(path).status_code == 200
            assert bob.get(path).status_code == 404
        assert ada.get(f"/pictures/{adas.image}").headers["vary"] == "Cookie"
        mask = bob.post(f"/masks?c={adas.conversation_id}&v=v1", content=b"x", headers={"content-type": RAW})
        assert mask.status_code == 400 and "of yours" in mask.text
        brought = bob.post(f"/pictures?c={adas.conversation_id}", content=b"x", headers={"content-type": RAW})
        assert brought.status_code == 400
        assert bob.get(f"/previews/{adas.turn_id}").status_code == 404


def test_the_page_of_another_shows_nothing_and_does_nothing(site: Site, adas: Version) -> None:
    shown = {}
    for name in PASSWORDS:
        with visitor(site, name) as browser:
            cookies = {COOKIE: browser.cookies[COOKIE]}
        client = Client(
            site.address, verbose=False, download_files=False, headers={"cookie": f"limner={cookies[COOKIE]}"}
        )
        shown[name] = str(next(iter(client.submit(adas.conversation_id, api_name="/open"))))
        if name == "bob":
            client.predict(adas.conversation_id, api_name="/stop")
            wanted = (adas.conversation_id, "", "", "1", False, False, None, "", True, None, "")
            client.predict("make it bluer", *wanted, api_name="/send")
        client.close()
    assert adas.image in shown["ada"] and "secret" in shown["ada"]
    assert adas.image not in shown["bob"] and "secret" not in shown["bob"]
    assert len(site.app.turns.history(adas.conversation_id, "ada")) == 1


def press(browser: httpx.Client, conversation: str, **data: str) -> str:
    """Press a button of the page by bare requests, as its script does, and return all that comes back."""
    config = browser.get("/config").json()
    hands = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "hands")
    handler = next(one["id"] for one in config["dependencies"] if [hands, "click"] in one["targets"])
    tab = secrets.token_hex(6)
    wanted = [conversation, "", "", "1", False, False, None, "", True, None, ""]
    asked = {"fn_index": handler, "trigger_id": hands, "session_hash": tab, "data": wanted, "event_data": data}
    assert browser.post("/gradio_api/queue/join", json=asked).status_code == 200
    heard = []
    with browser.stream("GET", f"/gradio_api/queue/data?session_hash={tab}", timeout=60) as stream:
        for line in stream.iter_lines():
            heard.append(line)
            if '"process_completed"' in line:
                break
    return "\n".join(heard)


def test_versions_of_another_are_neither_renamed_nor_deleted_by_bare_requests(site: Site) -> None:
    turns, talk = site.app.turns, site.app.turns.new_conversation("ada").id
    for message in ("draw a diary", "make it thicker"):
        turns.wait(turns.submit(talk, message, owner="ada"), 20, "ada")
    first, second = turns.versions(talk, "ada")
    with visitor(site, "ada") as ada, visitor(site, "bob") as bob:
        for data in (
            {"do": "rename-version", "label": "v2", "text": "bob was here"},
            {"do": "delete-version", "label": "v2"},
        ):
            heard = press(bob, talk, **data)
            assert "There is no conversation" in heard and "diary" not in heard
        assert turns.versions(talk, "ada") == (first, second)

        assert "By the sea" in press(ada, talk, do="rename-version", label="v2", text="By the sea")
        assert turns.versions(talk, "ada")[1].name == "By the sea"
        paths = [f"/pictures/{second.image}{query}" for query in ("", "?w=112", "?w=448", "?save=v2")]
        assert [ada.get(path).status_code for path in paths] == [200] * 4
        press(ada, talk, do="delete-version", label="v2")
        assert turns.versions(talk, "ada") == (first,)
        for browser in (ada, bob):
            assert [browser.get(path).status_code for path in paths] == [404] * 4
        assert "v2 was deleted; this conversation has v1." in press(ada, talk, do="delete-version", label="v2")
        assert ada.get(f"/pictures/{first.image}").status_code == 200


def test_what_is_streamed_to_a_tab_is_for_who_opened_it(site: Site) -> None:
    with visitor(site, "ada") as ada, visitor(site, "bob") as bob:
        with ada.stream("GET", "/gradio_api/queue/data?session_hash=adas-tab") as stream:
            assert stream.status_code == 200
        assert bob.get("/gradio_api/queue/data?session_hash=adas-tab").status_code == 401


def test_passwords_are_kept_as_argon2_and_a_new_one_ends_what_was_signed_in(site: Site) -> None:
    site.app.users.set("carl", "first password", "carl", site.app.turns.clock())
    with httpx.Client(base_url=site.address) as carl:
        carl.post("/sign-in", data={"name": "carl", "password": "first password"})
        assert carl.get("/config").status_code == 200
        database = site.app.settings.data / "limner.db"
        raw = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
        assert b"$argon2id$" in raw
        assert b"first password" not in raw and carl.cookies[COOKIE].encode() not in raw
        site.app.users.set("carl", "second password", "carl", site.app.turns.clock())
        assert carl.get("/config").status_code == 401
    site.app.users.remove("carl")


def test_signing_out_ends_it_for_the_server_too(site: Site) -> None:
    with visitor(site, "ada") as ada:
        kept = ada.cookies[COOKIE]
        assert ada.post("/sign-out").headers["location"] == "/sign-in"
        assert httpx.get(f"{site.address}/config", cookies={COOKIE: kept}).status_code == 401


def test_a_wrong_password_and_a_name_that_nobody_has_are_answered_alike(site: Site) -> None:
    with visitor(site) as stranger:
        answers = [
            stranger.post("/sign-in", data={"name": name, "password": "wrong"}) for name in ("ada", "nobody")
        ]  # fmt: skip
        assert {answer.status_code for answer in answers} == {401}
        texts = {re.sub('value="(ada|nobody)"', "", answer.text) for answer in answers}
        assert len(texts) == 1 and "do not go together" in texts.pop()
        long = stranger.post("/sign-in", data={"name": "ada", "password": "wrong" * 1000})
        assert long.status_code == 401 and "do not go together" in long.text and "wrongwrong" not in long.text
        assert not stranger.cookies


def test_the_form_leads_nowhere_else_and_runs_nothing(site: Site) -> None:
    with visitor(site) as stranger:
        page = stranger.get("/sign-in", params={"to": '"><script>alert(1)</script>'})
        assert "<script>" not in page.text and "default-src 'none'" in page.headers["content-security-policy"]
        for to in ("https://evil.example/", "//evil.example", "/\\evil.example", "/sign-out"):
            answer = stranger.post("/sign-in", data={"name": "ada", "password": PASSWORDS["ada"], "to": to})
            assert answer.headers["location"] == "/"
        elsewhere = {"origin": "https://evil.example"}
        form = {"name": "ada", "password": PASSWORDS["ada"]}
        assert stranger.post("/sign-in", data=form, headers=elsewhere).status_code == 403
        cookie = stranger.post("/sign-in", data=form).headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie


def test_nobody_can_try_many_passwords() -> None:
    now = 0.0
    tries = Tries(lambda: now)
    assert [tries.may_try("ada") for _ in range(MAX_TRIES + 1)] == [True] * MAX_TRIES + [False]
    assert tries.may_try("bob")
    now += TRY_SECONDS + 1
    assert tries.may_try("ada")
    tries.forget("ada")
    assert [tries.may_try("ada") for _ in range(MAX_TRIES + 1)] == [True] * MAX_TRIES + [False]


def test_many_tries_at_once_are_counted_like_one_after_the_other(site: Site) -> None:
    def status(number: int) -> int:
        form = {"name": "many", "password": f"wrong {number}"}
        return httpx.post(f"{site.address}/sign-in", data=form, timeout=60).status_code

    with ThreadPoolExecutor(MAX_TRIES + 5) as pool:
        found = sorted(pool.map(status, range(MAX_TRIES + 5)))
    assert found == [401] * MAX_TRIES + [429] * 5


def test_passwords_are_looked_at_one_by_one_as_each_look_takes_much_memory(site: Site) -> None:
    users, looks, most = UserStore(site.app.store.database), [], []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            looks.append(password)
            most.append(len(looks))
            try:
                return super().verify(hash, password)
            finally:
                looks.pop()

    users._hasher = Watched(time_cost=1, memory_cost=8)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: users.sign_in("ada", "wrong", site.app.turns.clock()), range(8)))
    assert len(most) == 8 and set(most) == {1}


def test_a_proxy_names_people_and_nobody_else_can(tmp_path: Path) -> None:
    from ui.web.server import make_server

    with serving(tmp_path, make=make_server, proxy_header="X-Forwarded-User") as site:
        talk = site.app.turns.new_conversation("ada@example.org")
        site.app.turns.wait(
            site.app.turns.submit(talk.id, "draw a cat", owner="ada@example.org"), 20, "ada@example.org"
        )
        picture = f"{site.address}/pictures/{site.app.turns.versions(talk.id, 'ada@example.org')[0].image}"
        headers = {"X-Forwarded-User": "ada@example.org", "host": "pictures.example.org"}
        assert httpx.get(picture, headers=headers).status_code == 200
        assert httpx.get(picture, headers={"X-Forwarded-User": "bob@example.org"}).status_code == 404
        for wrong in ({}, {"X-Forwarded-User": ""}, {"X-Forwarded-User": "you"}):
            assert httpx.get(picture, headers=wrong).status_code == 401
        twice = [("X-Forwarded-User", "bob"), ("X-Forwarded-User", "ada@example.org")]
        assert httpx.get(picture, headers=twice).status_code == 401
        assert httpx.get(f"{site.address}/sign-in").status_code == 401
        assert httpx.get(f"{site.address}/v1/models", headers=headers).status_code == 401
    with serving(tmp_path, make=make_server, proxy_header="X-Forwarded-User", proxies="10.0.0.0/8") as site:
        path = picture[picture.index("/pictures") :]
        assert httpx.get(site.address + path, headers=headers).status_code == 401
        spoofed = {**headers, "X-Forwarded-For": "10.1.2.3"}
        assert httpx.get(site.address + path, headers=spoofed).status_code == 401


@pytest.mark.parametrize("asked", [{"host": "0.0.0.0"}, {"host": "::"}, {"host": "192.168.1.4"}, {"auth": True}])
def test_where_nobody_could_sign_in_nothing_is_served(tmp_path: Path, asked: dict[str, Any]) -> None:
    settings = Settings(data=tmp_path, **asked)
    with pytest.raises(SettingsError, match="limner users add NAME"):
        check_sign_in(settings, has_users=False)
    check_sign_in(settings, has_users=True)
    check_sign_in(Settings(data=tmp_path, proxy_header="X-User", **asked), has_users=False)
    check_sign_in(Settings(data=tmp_path), has_users=False)


def test_the_command_refuses_other_addresses_in_one_sentence_and_users_are_added_listed_and_removed(
    tmp_path: Path, run: Any
) -> None:
    code, _, err = run("serve", "--host", "0.0.0.0", "--port", "0", "--data", tmp_path)
    assert code == 1 and err.count("\n") == 1 and "limner users add NAME" in err
    assert run("users", "add", "ada", "--data", tmp_path, stdin=b"short\n")[0] == 1
    code, out, _ = run("users", "add", "ada", "--data", tmp_path, stdin=b"a long password\n")
    assert code == 0 and "a long password" not in out
    assert "ada" in run("users", "list", "--data", tmp_path)[1]
    assert run("users", "remove", "ada", "--data", tmp_path)[0] == 0
    code, _, err = run("users", "remove", "ada", "--data", tmp_path)
    assert code == 1 and "nobody named" in err
