from __future__ import annotations

import errno
import io
import logging
import re
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_phone import logs
from desk_phone.logs import hide, redact

PASSWORD = "correct horse&battery"

log = logging.getLogger("desk_phone.tests")


@pytest.fixture(autouse=True)
def nothing_hidden() -> Iterator[None]:
    before, logs._hidden = logs._hidden, logs._Hidden()  # other tests hide words of their own
    yield
    logs.shut_down()
    logs._hidden = before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


def written(folder: Path, name: str = logs.LOG) -> str:
    return (folder / name).read_text(encoding="utf-8")


# redacting


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Polled +372, 200 calls in 12 ms",
        "short 112, 1188, 12345, 123456",
        "2026-11-25 14:22:01 until 2026-11-25T15:00",
        "connected to 192.168.100.200:8080 and 127.0.0.1",
        "https://teenused.telia.ee/external/services/index.php",
        "POST /external/services/index.php HTTP/1.1 200",
        "<name>Mari</name> & co",
        "the password is wrong",
        'File "/usr/lib/python3.11/site-packages/desk_phone/app/calls.py", line 12, in poll',
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3725551201", "3725****01"),
        ("37255512001", "3725****01"),
        ("+37255512001 rings", "+3725****01 rings"),
        ("0037255512001", "0037****01"),
        ("5551201", "55****1"),
        ("call 640 3231 now", "call 64****1 now"),
        ("+372 (640) 32-31", "+3726****31"),
        ("640.32.31", "64****1"),
        ("tel:%2B3726403231", "tel:%2B3726****31"),
        ("n3726403231x", "n3726****31x"),
        ("640\u00a03231", "64****1"),
        ("٣٧٢٦٤٠٣٢٣١", "٣٧٢٦****٣١"),
        ("6403231,5551201", "64****1,55****1"),
        ("2026-11-25 3726403231", "2026****31"),
        ("[6403231]", "[64****1]"),
    ],
)
def test_numbers_lose_their_middle(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(
            '<wsse:Security soap:mustUnderstand="1"><wsse:UsernameToken><wsse:Username>u'
            "</wsse:Username><wsse:Password>SECRET</wsse:Password></wsse:UsernameToken>"
            "</wsse:Security><b/>",
            "<wsse:Security>***</wsse:Security><b/>",
            id="wsse header",
        ),
        pytest.param(
            '<Password Type="#PasswordText">SEC\nRET</Password>',
            "<Password>***</Password>",
            id="password element",
        ),
        pytest.param("<wsse:Password>SECR", "<wsse:Password>***</wsse:Password>", id="cut short"),
        pytest.param("ECRET</wsse:Password><a>", "***</wsse:Password><a>", id="cut in front"),
        pytest.param(
            "&lt;wsse:Password&gt;SECRET&lt;/wsse:Password&gt; x",
            "<wsse:Password>***</wsse:Password> x",
            id="escaped",
        ),
        ("Authorization: Basic U0VDUkVU\r\nHost: x", "Authorization: ***\r\nHost: x"),
        ("proxy-authorization: U0VDUkVU", "proxy-authorization: ***"),
        ("{'Authorization': 'SECRET'}", "{'Authorization': ***"),
        ("[(b'cookie', b'SECRET')]", "[(b'cookie', ***"),
        ("Set-Cookie: id=SECRET; Path=/", "Set-Cookie: ***"),
        ('X-WSSE: UsernameToken Username="a", PasswordDigest="SECRET"', "X-WSSE: ***"),
        ("with Basic U0VDUkVUU0VD.", "with Basic ***"),
        ("Bearer abcDEF123-_x", "Bearer ***"),
        ("password: SECRET with blanks", "password: ***"),
        ("user=x&password=SECRET", "user=x&password= ***"),
        ('{"user_password" : "SECRET"}', '{"user_password" : ***'),
        ("PASSWD=SECRET", "PASSWD= ***"),
        ("api_key=SECRET", "api_key= ***"),
        ("access_token = SECRET\nnext", "access_token = ***\nnext"),
        ("parool: SECRET", "parool: ***"),
        ("пароль: SECRET", "пароль: ***"),
        ("http://me:SECRET@proxy:8080/", "http://***@proxy:8080/"),
        ("http://me:SEC/R@ET@proxy", "http://***@proxy"),
        ("https://crm.example/open?key=SECRET&n=1 x", "https://crm.example/open?*** x"),
        ("https://crm.example/#SECRET", "https://crm.example/?***"),
        ("GET /n/?key=SECRET HTTP/1.1", "GET /n/?*** HTTP/1.1"),
        ("GET /n/SECRET7890123456789012345678901234/x", "GET /n/***/x"),
        ("https://desk.example/SECRET_-90123456789012345678901234", "https://desk.example/***"),
    ],
)
def test_credentials_and_secret_addresses_are_dropped(text: str, shown: str) -> None:
    assert redact(text) == shown
    assert redact(shown) == shown


@pytest.mark.parametrize(
    "said",
    [
        PASSWORD,
        "correct%20horse%26battery",
        "correct+horse%26battery",
        "<a>correct horse&amp;battery</a>",
        f"before{PASSWORD}after",
    ],
)
def test_a_hidden_password_goes_in_every_spelling(said: str) -> None:
    assert "horse" in redact(said)
    hide(PASSWORD)
    assert "horse" not in redact(said)


@pytest.mark.parametrize("word", ['a"b\\c', "tab\there", "line\nend", "quo'te", "õ\u2028"])
def test_a_hidden_password_goes_from_json_and_repr(word: str) -> None:
    hide(word)
    for said in (repr({"x": word}), repr(word.encode()), repr(word)):
        assert word not in redact(said)
        assert repr(word)[1:-1] not in redact(said)


@pytest.mark.parametrize("word", ["*", "**", "3726", "1", "*1", "a*", "#*~", " ", "****0"])
def test_masks_do_not_bring_a_hidden_word_back(word: str) -> None:
    hide(word)
    assert word not in redact(f"x{word}y 37264032301 password: {word} a**b")


def test_nothing_to_hide_hides_nothing() -> None:
    hide("")
    assert redact("as before") == "as before"


anything = st.text(st.characters(), max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(), min_size=1, max_size=12), min_size=1), anything, anything)
def test_hidden_words_appear_nowhere(words: list[str], before: str, after: str) -> None:
    logs._hidden = logs._Hidden()
    for word in words:
        hide(word)
    shown = redact(f"{before}{words[0]}{after}{words[-1]}")
    assert not [word for word in words if word in shown]


@given(st.text(st.characters(categories=["Nd", "P", "Zs", "Lu"], max_codepoint=0x7F)), anything)
def test_no_whole_number_is_left(text: str, more: str) -> None:
    shown = redact(f"{text}{more}")
    assert not re.search(r"\d{7}", shown)
    assert redact(shown).count("****") >= shown.count("****") - 1


@pytest.mark.parametrize(
    "piece", ["<", "a", "1", "token", "</Password", " ", "://", "/", "-", "=@"]
)
def test_a_very_long_text_takes_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = time.monotonic()
    redact(text)
    assert time.monotonic() - begun < 5  # a thousandth of it, but for patterns that run wild


# writing


def test_a_record_is_one_redacted_line(folder: Path) -> None:
    logs.set_up(folder, verbose=False)
    hide(PASSWORD)
    log.info("%s rings, %s", "+3726403231", PASSWORD)
    log.debug("not said")
    line = written(folder)
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO desk_phone\.tests: "
        r"\+3726\*\*\*\*31 rings, \*\*\*\n",
        line,
    )


def test_nobody_forges_a_line(folder: Path) -> None:
    logs.set_up(folder, verbose=False)
    log.warning("caller %s", "Mari\r\n2026-01-01 00:00:00,000 INFO desk_phone: all is well")
    assert [line[:4] for line in written(folder).splitlines()][1:] == ["    "]


def test_an_exceptions_words_and_chain_are_redacted(folder: Path) -> None:
    logs.set_up(folder, verbose=False)
    hide(PASSWORD)

    def fail() -> None:
        local_value = "a local value"
        try:
            raise ValueError(f"{PASSWORD} of +3726403231 {local_value[:0]}")
        except ValueError as error:
            raise LookupError(f"because of {PASSWORD}") from error

    try:
        fail()
    except LookupError:
        log.exception("failed", stack_info=True)
    said = written(folder)
    assert "ValueError: *** of +3726****31" in said
    assert "LookupError: because of ***" in said
    assert "horse" not in said
    assert "a local value" not in said.replace('local_value = "a local value"', "")


@pytest.mark.parametrize(
    ("name", "level", "is_said"),
    [
        ("zeep.transports", logging.INFO, False),
        ("urllib3.connectionpool", logging.INFO, False),
        ("keyring.backend", logging.INFO, False),
        ("asyncio", logging.INFO, False),
        ("urllib3", logging.WARNING, True),
        ("desk_phone.app", logging.INFO, True),
    ],
)
def test_libraries_only_warn(folder: Path, name: str, level: int, is_said: bool) -> None:
    logs.set_up(folder, verbose=True)
    logging.getLogger(name).log(level, "said")
    assert (folder / logs.LOG).exists() is is_said


@pytest.mark.parametrize(
    ("words", "values"),
    [("%d of %d", (1,)), ("%d", ("x",)), ("%(a)s", ({"b": 1},)), ("100 %", (1,))],
)
def test_words_that_do_not_fit_their_values_are_no_failure(
    folder: Path, words: str, values: tuple[object, ...]
) -> None:
    handler = logs._File(folder.parent / logs.LOG, 1)
    handler.setFormatter(logs._Redacted())
    handler.handle(logging.LogRecord("desk_phone", logging.INFO, "", 1, words, values, None))
    handler.close()
    assert written(folder.parent).endswith(f"INFO desk_phone: {words}\n")


def test_files_are_for_this_person_alone_and_few(folder: Path) -> None:
    logs.set_up(folder, verbose=False)
    for _ in range(300):
        log.info("x" * 19_000)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        logs.LOG,
        *(f"{logs.LOG}.{number}" for number in range(1, 5)),
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert all(900_000 < file.stat().st_size <= 1_000_000 for file in files[1:])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_very_long_record_is_cut(folder: Path) -> None:
    logs.set_up(folder, verbose=False)
    log.info("x" * 3_000_000)
    assert (folder / logs.LOG).stat().st_size < 30_000


class FullDisk(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_survived_and_left_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(folder, verbose=False)
    log.info("first")
    with monkeypatch.context() as full:
        full.setattr(logs._File, "_open", lambda self: FullDisk())
        logs.set_up(folder, verbose=False)
        log.info("lost")
        log.info("lost too")
    log.info("second")
    assert re.findall(r": (\w+)", written(folder).replace("INFO desk_phone.tests", "")) == [
        "first",
        "second",
    ]
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_goes_away_is_survived(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(folder, verbose=False)
    log.info("first")
    (folder / logs.LOG).unlink()
    folder.rmdir()
    for _ in range(120):
        log.info("x" * 19_000)
    assert not folder.exists()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("obstacle", ["a file", "a folder"])
def test_a_place_where_no_log_can_be_is_survived(
    folder: Path, obstacle: str, capfd: pytest.CaptureFixture[str]
) -> None:
    if obstacle == "a file":
        folder.write_text("in the way")
    else:
        (folder / logs.LOG).mkdir(parents=True)
    logs.set_up(folder, verbose=False)
    log.error("lost")
    assert capfd.readouterr() == ("", "")


def test_verbose_says_it_on_stderr_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(folder, verbose=True)
    log.debug("number +3726403231")
    assert "+3726****31" in capsys.readouterr().err
    assert "+3726****31" in written(folder)


def test_without_verbose_stderr_stays_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(None, verbose=False)
    log.error("trouble")
    assert capsys.readouterr() == ("", "")


def test_a_program_without_a_console_logs_as_well(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.set_up(folder, verbose=True)
    monkeypatch.setattr(sys, "stderr", None)
    log.info("said")
    assert "said" in written(folder)


# crashes


def crash() -> None:
    secret_local = "a local value"
    raise ArithmeticError(f"{PASSWORD} {secret_local[:0]}")


def caught() -> ArithmeticError:
    try:
        crash()
    except ArithmeticError as error:
        return error
    raise AssertionError


def assert_written_down(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for said in (written(folder, logs.CRASHES), written(folder), capsys.readouterr().err):
        assert "ArithmeticError: ***" in said
        assert "in crash" in said
        assert "horse" not in said


def test_a_crash_is_written_down(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(folder, verbose=False)
    hide(PASSWORD)
    error = caught()
    sys.excepthook(type(error), error, error.__traceback__)
    assert_written_down(folder, capsys)
    assert stat.S_IMODE((folder / logs.CRASHES).stat().st_mode) == 0o600


def test_a_crash_in_a_thread_is_written_down(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(folder, verbose=False)
    hide(PASSWORD)
    thread = threading.Thread(target=crash, name="lane dial")
    thread.start()
    thread.join()
    assert_written_down(folder, capsys)
    assert "lane dial" in written(folder)


def test_a_crash_where_nobody_can_catch_it_is_written_down(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Dying:
        def __del__(self) -> None:
            crash()

    logs.set_up(folder, verbose=False)
    hide(PASSWORD)
    dying = Dying()
    del dying
    assert_written_down(folder, capsys)


def test_ctrl_c_and_a_threads_exit_are_no_crash(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(folder, verbose=False)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert not (folder / logs.CRASHES).exists()
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_shutting_down_leaves_everything_as_it_was(folder: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), sys.excepthook, threading.excepthook)
    logs.set_up(folder, verbose=False)
    logs.set_up(folder, verbose=True)  # again, as a test or a restart inside would
    assert len(root.handlers) == len(before[1]) + 2
    logs.shut_down()
    assert (root.level, list(root.handlers), sys.excepthook, threading.excepthook) == before
    assert logging.getLogger("zeep").level == logging.NOTSET
