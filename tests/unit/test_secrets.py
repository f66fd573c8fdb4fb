from __future__ import annotations

import importlib
import logging
import platform
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from keyring import backend, errors
from keyring.backends import Windows, macOS
from keyring.compat import properties

from desk_phone import logs
from desk_phone.errors import BadInput, PhoneError
from desk_phone.model.secret import Secret
from desk_phone.system.secrets import (
    SERVICE,
    TRUSTED,
    BackEnd,
    Keyring,
    KeyringLocked,
    KeyringSilent,
    KeyringTrouble,
    MemoryKeyring,
    NoKeyring,
    Patience,
    SystemKeyring,
)

USER = "P0000000@elion.ee"
SECRET = Secret("correct horse")
OTHER = Secret("battery staple")
LONG = 20.0  # seconds; what is right takes a thousandth of it


class FakeRing(backend.KeyringBackend):
    """Behaves as the class says; what is kept outlives the object, as in a system's keyring."""

    kept: ClassVar[dict[tuple[str, str], list[str]]] = {}
    fails: ClassVar[BaseException | None] = None
    waits: ClassVar[threading.Event | None] = None

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        self.act()
        found = type(self).kept.get((service, username))
        return found[-1] if found else None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.act()
        type(self).kept[service, username] = [password]

    def delete_password(self, service: str, username: str) -> None:
        self.act()
        if not type(self).kept.get((service, username)):
            raise errors.PasswordDeleteError("No such password!")
        type(self).kept[service, username].pop()

    def act(self) -> None:
        if type(self).waits is not None:
            type(self).waits.wait(LONG)
        if type(self).fails is not None:
            raise type(self).fails


class BetterRing(FakeRing):
    kept: ClassVar[dict[tuple[str, str], list[str]]] = {}

    priority = 5.1


def lacks_a_library(kind: type) -> float:
    raise RuntimeError("SecretStorage required")


def lacks_a_bus(kind: type) -> float:
    raise FileNotFoundError("no such bus")


class UnusableRing(FakeRing):
    priority = properties.classproperty(lacks_a_library)


class BrokenRing(FakeRing):
    priority = properties.classproperty(lacks_a_bus)


class ForgetfulRing(FakeRing):
    def set_password(self, service: str, username: str, password: str) -> None:
        """As KWallet's, which does not look at what the wallet answered."""


class StubbornRing(FakeRing):
    def delete_password(self, service: str, username: str) -> None:
        raise errors.PasswordDeleteError("Cancelled by user")


def kind(name: str, **more: Any) -> BackEnd:
    return BackEnd(__name__, name, **more)


def keyring(*names: str, patience: Patience | None = None) -> SystemKeyring:
    return SystemKeyring([kind(name) for name in names or ("FakeRing",)], patience or Patience())


@pytest.fixture(autouse=True)
def empty_rings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    hidden = logs._hidden
    monkeypatch.setattr(FakeRing, "kept", {})
    monkeypatch.setattr(BetterRing, "kept", {})
    yield
    logs._hidden = hidden


@pytest.fixture(params=["system", "memory"])
def any_keyring(request: pytest.FixtureRequest) -> Keyring:
    return keyring() if request.param == "system" else MemoryKeyring()


# both kinds


def test_there_is_none_at_first(any_keyring: Keyring) -> None:
    assert any_keyring.read(USER) == Secret("")
    any_keyring.forget(USER)


def test_what_is_kept_is_read_until_it_is_forgotten(any_keyring: Keyring) -> None:
    any_keyring.keep(USER, SECRET)
    assert any_keyring.read(USER) == SECRET
    any_keyring.keep(USER, OTHER)
    assert any_keyring.read(USER) == OTHER
    assert any_keyring.read("somebody else") == Secret("")
    any_keyring.forget(USER)
    assert any_keyring.read(USER) == Secret("")


def test_keeping_nothing_forgets(any_keyring: Keyring) -> None:
    any_keyring.keep(USER, SECRET)
    any_keyring.keep(USER, Secret(""))
    assert any_keyring.read(USER) == Secret("")


def test_memory_is_not_shared() -> None:
    MemoryKeyring().keep(USER, SECRET)
    assert not MemoryKeyring().read(USER)


# which keyring


@pytest.mark.parametrize("system", list(TRUSTED))
def test_only_known_kinds_are_trusted(system: str) -> None:
    for back_end in TRUSTED[system]:
        found = getattr(importlib.import_module(back_end.module), back_end.name)
        assert issubclass(found, backend.KeyringBackend)
        assert back_end.module.startswith("keyring.backends.")
        assert not {"chainer", "fail", "null", "file"} & set(back_end.module.split("."))


def test_the_best_usable_one_is_taken() -> None:
    keyring("FakeRing", "UnusableRing", "BetterRing", "BrokenRing").keep(USER, SECRET)
    assert BetterRing.kept == {(SERVICE, USER): ["correct horse"]}
    assert FakeRing.kept == {}


@pytest.mark.parametrize("names", [("UnusableRing",), ("BrokenRing",), ("UnusableRing",) * 2])
def test_without_a_usable_one_there_is_none(names: tuple[str, ...]) -> None:
    ring = keyring(*names)
    with pytest.raises(NoKeyring):
        ring.read(USER)
    with pytest.raises(NoKeyring):
        ring.keep(USER, SECRET)
    with pytest.raises(NoKeyring):
        ring.forget(USER)


def test_one_that_appears_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """At login the program may start before the keyring does."""
    ring = keyring("BetterRing")
    with monkeypatch.context() as early:
        early.setattr(BetterRing, "viable", False)
        with pytest.raises(NoKeyring):
            ring.read(USER)
    assert ring.read(USER) == Secret("")


def test_neither_environment_nor_files_nor_plug_ins_choose(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    def no_plug_ins() -> None:
        raise AssertionError

    config = tmp_path / "python_keyring" / "keyringrc.cfg"
    config.parent.mkdir()
    config.write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("KEYRING_PROPERTY_SCHEME", "KeePassXC")
    monkeypatch.setenv("KEYRING_PROPERTY_APPID", "somebody")
    monkeypatch.setenv("KEYRING_PROPERTY_GET_PASSWORD", "not to be called")
    monkeypatch.setattr(backend, "_load_plugins", no_plug_ins)
    keyring().keep(USER, SECRET)
    assert keyring().read(USER) == SECRET
    assert FakeRing.kept == {(SERVICE, USER): ["correct horse"]}


def test_one_that_nobody_opens_is_none() -> None:
    def knock(seconds: float) -> None:
        raise NoKeyring("nobody in")

    with pytest.raises(NoKeyring):
        SystemKeyring([kind("FakeRing", knock=knock)]).read(USER)


# what can go wrong


class LockedException(Exception):
    __module__ = "secretstorage.exceptions"


class SecretServiceNotAvailableException(Exception):
    __module__ = "secretstorage.exceptions"


class PromptDismissedException(Exception):
    __module__ = "secretstorage.exceptions"


class DBusErrorResponse(Exception):
    __module__ = "jeepney.wrappers"


class GError(RuntimeError):
    __module__ = "gi.repository.GLib"


def init_error(cause: Exception) -> errors.InitError:
    error = errors.InitError("Failed to create the collection")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (errors.KeyringLocked("Failed to unlock the collection!"), KeyringLocked),
        (LockedException("Item is locked!"), KeyringLocked),
        (init_error(PromptDismissedException()), KeyringLocked),
        (errors.NoKeyringError(), NoKeyring),
        (SecretServiceNotAvailableException(), NoKeyring),
        (init_error(SecretServiceNotAvailableException()), NoKeyring),
        (TimeoutError(), KeyringSilent),
        (errors.InitError("Failed to open keyring"), KeyringTrouble),
        (errors.PasswordSetError("Can't store password on keychain"), KeyringTrouble),
        (errors.KeyringError("Can't get password from keychain"), KeyringTrouble),
        (DBusErrorResponse("org.freedesktop.DBus.Error.Failed"), KeyringTrouble),
        (GError("Error calling StartServiceByName"), KeyringTrouble),
        (ConnectionResetError(), KeyringTrouble),
        (OSError(1783, "The stub received bad data"), KeyringTrouble),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), KeyringTrouble),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, BaseException) else "",
)
def test_every_failure_is_told_in_words(
    raised: Exception, told: type[KeyringTrouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeRing, "fails", raised)
    for deed in (
        lambda: keyring().read(USER),
        lambda: keyring().keep(USER, SECRET),
        lambda: keyring().forget(USER),
    ):
        with pytest.raises(KeyringTrouble) as caught:
            deed()
        assert type(caught.value) is told
        assert caught.value.message
        assert caught.value.__cause__ is raised


def test_a_bug_stays_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeRing, "fails", ZeroDivisionError())
    with pytest.raises(ZeroDivisionError) as caught:
        keyring().read(USER)
    assert caught.value.__cause__ is None


def test_one_that_keeps_nothing_is_found_out(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(KeyringTrouble):
        keyring("ForgetfulRing").keep(USER, SECRET)
    assert "correct" not in caplog.text


def test_one_that_will_not_forget_is_told() -> None:
    FakeRing.kept[SERVICE, USER] = ["correct horse"]
    with pytest.raises(KeyringTrouble):
        keyring("StubbornRing").forget(USER)


def test_every_copy_is_forgotten() -> None:
    FakeRing.kept[SERVICE, USER] = ["correct horse", "battery staple", "correct horse"]
    keyring().forget(USER)
    assert not keyring().read(USER)


def test_forgetting_comes_to_an_end() -> None:
    FakeRing.kept[SERVICE, USER] = ["correct horse"] * 1000
    with pytest.raises(KeyringTrouble):
        keyring().forget(USER)


@pytest.mark.parametrize("deed", ["read", "keep", "forget"])
def test_one_that_hangs_is_left(deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    monkeypatch.setattr(FakeRing, "waits", answers)
    ring = keyring(patience=Patience(machine=LONG, person=0.02))
    asked = {
        "read": lambda: ring.read(USER),
        "keep": lambda: ring.keep(USER, SECRET),
        "forget": lambda: ring.forget(USER),
    }
    try:
        with pytest.raises(KeyringSilent):
            asked[deed]()
        before = threading.active_count()
        with pytest.raises(KeyringSilent):
            ring.read(USER)
        assert threading.active_count() == before  # it does not pile up what hangs
    finally:
        answers.set()
    for thread in threading.enumerate():
        if thread.name == "attempt":
            thread.join(LONG)
    assert ring.read(USER) == (SECRET if deed == "keep" else Secret(""))


def test_one_that_lets_nobody_in_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    back_end = kind("FakeRing", knock=lambda seconds: answers.wait(LONG))
    ring = SystemKeyring([back_end], Patience(machine=0.02, person=LONG))
    try:
        with pytest.raises(KeyringSilent):
            ring.read(USER)
    finally:
        answers.set()


# what cannot be kept


@pytest.mark.parametrize(
    ("user", "secret"),
    [("", "correct horse"), (USER, "half \ud83d a face")],
)
def test_what_cannot_be_kept_is_refused(user: str, secret: str) -> None:
    with pytest.raises(BadInput) as caught:
        keyring().keep(user, Secret(secret))
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert FakeRing.kept == {}


def test_nobody_has_no_password() -> None:
    ring = keyring("UnusableRing")  # not even asked
    assert not ring.read("")
    ring.forget("")


# logs


def test_the_password_is_hidden_from_the_log(caplog: pytest.LogCaptureFixture) -> None:
    keyring().keep(USER, SECRET)
    assert logs.redact("sent correct horse") == "sent ***"
    FakeRing.kept[SERVICE, USER] = ["battery staple"]
    keyring().read(USER)
    assert logs.redact("sent battery staple") == "sent ***"
    with caplog.at_level(logging.DEBUG):
        keyring().forget(USER)
    assert "battery" not in caplog.text


# Windows' own back-end over a vault of our own


class Vault:
    """win32cred: an item by its target; ``CredWrite`` refuses what is too long."""

    CRED_TYPE_GENERIC = 1
    CRED_PERSIST_LOCAL_MACHINE = 2
    CRED_PERSIST_ENTERPRISE = 3

    class Error(OSError):
        def __init__(self, winerror: int, funcname: str) -> None:
            super().__init__(winerror, funcname)
            self.winerror, self.funcname = winerror, funcname

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}

    def CredRead(self, Type: int, TargetName: str) -> dict[str, Any]:  # noqa: N803
        if TargetName not in self.items:
            raise self.Error(1168, "CredRead")
        return self.items[TargetName]

    def CredWrite(self, credential: dict[str, Any], flags: int) -> None:
        blob = credential["CredentialBlob"].encode("utf-16-le")
        if len(blob) > 5 * 512:
            raise self.Error(1783, "CredWrite")
        self.items[credential["TargetName"]] = {**credential, "CredentialBlob": blob}

    def CredDelete(self, Type: int, TargetName: str) -> None:  # noqa: N803
        if self.items.pop(TargetName, None) is None:
            raise self.Error(1168, "CredDelete")


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    vault = Vault()
    monkeypatch.setattr(Windows, "win32cred", vault, raising=False)
    monkeypatch.setattr(Windows, "pywintypes", SimpleNamespace(error=Vault.Error), raising=False)
    monkeypatch.setattr(Windows, "missing_deps", False)
    return vault


def test_windows_keeps_one_item_on_this_computer_alone(vault: Vault) -> None:
    """The library by itself keeps the old password under a second name when a new one comes."""
    ring = SystemKeyring(TRUSTED["win32"])
    for secret in (SECRET, SECRET, OTHER):
        ring.keep(USER, secret)
    assert [item["UserName"] for item in vault.items.values()] == [USER]
    assert [item["Persist"] for item in vault.items.values()] == [2]
    assert list(vault.items) == [SERVICE]
    assert ring.read(USER) == OTHER
    ring.forget(USER)
    assert vault.items == {}
    assert ring.read(USER) == Secret("")


def test_windows_ignores_another_persistence_from_the_environment(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_PERSIST", "enterprise")
    SystemKeyring(TRUSTED["win32"]).keep(USER, SECRET)
    assert vault.items[SERVICE]["Persist"] == 2


@pytest.mark.parametrize(
    ("secret", "fits"),
    [
        ("x" * 1280, True),
        ("õ" * 1280, True),
        ("x" * 1281, False),
        ("\U0001f511" * 640, True),
        ("\U0001f511" * 640 + "x", False),
    ],
)
def test_windows_takes_1280_characters(vault: Vault, secret: str, fits: bool) -> None:
    ring = SystemKeyring(TRUSTED["win32"])
    ring.keep(USER, SECRET)
    if fits:
        ring.keep(USER, Secret(secret))
        assert ring.read(USER) == Secret(secret)
    else:
        with pytest.raises(BadInput, match="1280"):
            ring.keep(USER, Secret(secret))
        assert ring.read(USER) == SECRET  # the old one is not lost


def test_a_password_that_windows_would_change_is_found_out(vault: Vault) -> None:
    with pytest.raises(KeyringTrouble):
        SystemKeyring(TRUSTED["win32"]).keep(USER, Secret("\ufeffbyte order mark"))


def test_a_failing_vault_is_told(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**given: object) -> None:
        raise Vault.Error(1312, "CredRead")  # no such logon session: a service has no vault

    monkeypatch.setattr(vault, "CredRead", fail)
    with pytest.raises(PhoneError):
        SystemKeyring(TRUSTED["win32"]).read(USER)


# macOS's own back-end over a keychain of our own


class Keychain:
    class Error(Exception):
        pass

    class NotFound(Error):
        pass

    class KeychainDenied(Error):
        pass

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}
        self.denied = False

    def find_generic_password(self, name: object, service: str, user: str) -> str:
        if self.denied:
            raise self.KeychainDenied(-128)
        if (service, user) not in self.items:
            raise self.NotFound(-25300)
        return self.items[service, user]

    def set_generic_password(self, name: object, service: str, user: str, password: str) -> None:
        if self.denied:
            raise self.KeychainDenied(-128)
        self.items[service, user] = password

    def delete_generic_password(self, name: object, service: str, user: str) -> None:
        if self.items.pop((service, user), None) is None:
            raise self.NotFound(-25300)


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch) -> Keychain:
    keychain = Keychain()
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(macOS, "api", keychain, raising=False)
    monkeypatch.setattr(macOS.Keyring, "keychain", "/nowhere")  # as KEYCHAIN_PATH does
    return keychain


def test_the_keychain_of_macos(keychain: Keychain) -> None:
    ring = SystemKeyring(TRUSTED["darwin"])
    ring.forget(USER)
    ring.keep(USER, SECRET)
    assert ring.read(USER) == SECRET
    ring.forget(USER)
    assert keychain.items == {}
    assert ring.read(USER) == Secret("")


def test_a_person_who_denies_the_keychain(keychain: Keychain) -> None:
    ring = SystemKeyring(TRUSTED["darwin"])
    keychain.denied = True
    with pytest.raises(KeyringLocked):
        ring.read(USER)
    with pytest.raises(KeyringLocked):
        ring.keep(USER, SECRET)
