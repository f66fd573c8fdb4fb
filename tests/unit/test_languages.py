"""Which language is spoken, by the command line too, and that no English is left in it."""

from __future__ import annotations

import argparse
import ast
import gettext
import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from desk_phone import cli, i18n
from desk_phone.cli import language
from desk_phone.errors import BadInput
from desk_phone.options import HelpWanted, read
from tests.pseudo import PseudoLanguage, pseudo

ROOT = Path(__file__).parents[2]
COMMANDS = [
    *("", "numbers", "call", "calls", "name", "account", "phonebook", "notices", "note", "crm"),
    *("open", "dial-clipboard", "sources", "simulate", "demo"),
]


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalogue", gettext.NullTranslations())
    monkeypatch.setattr(i18n, "_spoken", "en")


@pytest.fixture
def speaks_pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalogue", PseudoLanguage())


# which one


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({"LANG": "et_EE.UTF-8"}, "et", id="estonian"),
        pytest.param({"LANG": "ru_RU.UTF-8"}, "ru", id="russian"),
        pytest.param({"LANG": "ru"}, "ru", id="short"),
        pytest.param({"LANG": "de_DE.UTF-8"}, "en", id="another"),
        pytest.param({"LANG": "est_EE"}, "en", id="looks alike"),
        pytest.param({"LANG": "C.UTF-8"}, "en", id="none"),
        pytest.param({}, "en", id="empty"),
        pytest.param({"LANG": ""}, "en", id="empty name"),
        pytest.param({"LANG": "et_EE", "LC_ALL": "ru_RU"}, "ru", id="all before one"),
        pytest.param({"LANG": "et_EE", "LC_MESSAGES": "ru_RU"}, "ru", id="messages before one"),
        pytest.param({"LANG": "de_DE", "LANGUAGE": "de:et"}, "et", id="second choice"),
        pytest.param({"LANG": "C", "LANGUAGE": "et"}, "en", id="C has no languages"),
    ],
)
def test_the_systems_language(environ: dict[str, str], expected: str) -> None:
    assert i18n.system(environ) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(["ru-RU", "en"], "ru"), (["fi-FI", "et-EE"], "et"), (["lv"], "en"), ([], "en")],
)
def test_the_first_of_our_languages(wanted: list[str], expected: str) -> None:
    assert i18n.best(wanted) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["--lang", "et", "calls"], "et", id="before"),
        pytest.param(["calls", "--lang=ru"], "ru", id="after"),
        pytest.param(["--lang", "et", "calls", "--lang", "en"], "en", id="the last counts"),
        pytest.param(["calls"], "ru", id="chosen in the settings"),
        pytest.param(["--lang"], "ru", id="no value"),
        pytest.param(["--lang", "xx"], "ru", id="none of ours"),
        pytest.param(["open", "--", "--lang=et"], "ru", id="no option there"),
    ],
)
def test_the_command_knows_its_language_before_its_words(
    tmp_path: Path, words: list[str], expected: str
) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"language": "ru"}))
    assert language.language_of(["--data-dir", str(tmp_path), *words]) == expected


@pytest.mark.parametrize("text", ["not json", '{"language": "xx"}', "{}"])
def test_settings_that_name_none_leave_it_to_the_system(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "system", lambda: "et")
    (tmp_path / "settings.json").write_text(text)
    assert language.language_of([f"--data-dir={tmp_path}", "calls"]) == "et"


def test_a_mistake_is_told_in_the_language_of_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def catalogue(language: str, _: object) -> gettext.NullTranslations:
        return PseudoLanguage() if language == "et" else gettext.NullTranslations()

    monkeypatch.setattr(i18n, "catalogue", catalogue)
    assert cli.main(["calls", "--no-such-word", "--lang", "et"]) == 2
    assert capsys.readouterr().err.startswith("[úñŕ")


# no English is left


def _left(text: str) -> list[str]:
    """Words outside of brackets that no person but an English one knows."""
    text = re.sub(r"\[-[^\]]*\]", "", text)  # [-h] [--user NAME] of a usage
    known = r"desk-phone|URL|URI|Telia|JSON|CSV|ID|DIR"
    while re.search(r"\[[^\[\]]*\]", text):
        text = re.sub(r"\[[^\[\]]*\]", "", text)
    text = re.sub(rf"--?[a-z][-a-z0-9]*|\{{[^}}]*\}}|\b({known})\b|\|", "", text)
    return re.findall(r"[A-Za-z]{2,}(?: [A-Za-z]{2,})+", text)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_the_language(command: str, speaks_pseudo: None) -> None:
    with pytest.raises(HelpWanted) as caught:
        read([*([command] if command else []), "--help"])
    text = str(caught.value)
    assert pseudo("usage: ") in text
    for english in ("usage", "options", "arguments", "show this"):
        assert english not in text, text


@pytest.mark.parametrize(
    "words",
    [
        ["--bogus"],
        ["call"],
        ["--lang"],
        ["--lang", "xx"],
        ["bogus"],
        ["calls", "--missed", "--week"],
        ["simulate", "--port", "many"],
        ["demo", "--seconds", "0"],
        ["--json=1"],
        ["--user", " "],
        ["account", "bogus"],
        ["phonebook"],
        ["phonebook", "delete", "x"],
    ],
    ids=" ".join,
)
def test_mistakes_are_told_in_the_language(words: list[str], speaks_pseudo: None) -> None:
    with pytest.raises(BadInput) as caught:
        read(words)
    title, usage = caught.value.title, caught.value.message
    assert "[" in title
    assert _left(title) == [], title
    assert usage.startswith(pseudo("usage: ").rstrip()) or not usage


def test_argparse_speaks_its_own_language_again(speaks_pseudo: None) -> None:
    with pytest.raises(HelpWanted):
        read(["--help"])
    assert argparse.ArgumentParser(prog="x").format_usage().startswith("usage: ")


# said when it is needed, not when a module is imported


def _early(tree: ast.AST) -> list[int]:
    """Lines that ask for a word outside of any function, or for a parameter's default."""
    asks: list[ast.AST] = []

    def look(node: ast.AST, inside: bool) -> None:
        if isinstance(node, ast.Call) and not inside:
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            asks.extend([node] if name in ("tr", "ntr", "ptr") else [])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for early in (*getattr(node, "decorator_list", ()), node.args):
                look(early, inside)
            body = node.body if isinstance(node.body, list) else [node.body]
            for later in body:
                look(later, True)
            return
        for child in ast.iter_child_nodes(node):
            look(child, inside)

    look(tree, False)
    return [node.lineno for node in asks if isinstance(node, ast.expr)]


def _cached(tree: ast.AST) -> list[str]:
    """Functions that keep their answers and ask for words."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("cache" in ast.unparse(decorator) for decorator in node.decorator_list)
        and any(
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in ("tr", "ntr", "ptr")
            for call in ast.walk(node)
        )
    ]


@pytest.mark.parametrize(
    "text",
    ["A = tr('x')", "class A:\n    b = tr('x')", "def f(a=ntr('x', 'y', 1)): pass"],
)
def test_what_is_said_too_early_is_found(text: str) -> None:
    assert _early(ast.parse(text))
    assert not _early(ast.parse("def f(): return tr('x')"))
    assert _cached(ast.parse("@lru_cache(1)\ndef f(): return tr('x')")) == ["f"]


def test_no_word_is_asked_for_before_the_language_is_known() -> None:
    found = []
    for file in sorted((ROOT / "desk_phone").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found += [f"{file.relative_to(ROOT)}:{line}" for line in _early(tree)]
        found += [f"{file.relative_to(ROOT)}: {name} keeps words" for name in _cached(tree)]
    assert found == []


# numbers and dates

FORMS = {
    "et": (2, "n != 1", ("%(n)d kõne", "%(n)d kõnet")),
    "ru": (
        3,
        "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2",
        ("%(n)d звонок", "%(n)d звонка", "%(n)d звонков"),
    ),
}


@pytest.fixture
def locale_dir(tmp_path: Path) -> Path:
    """Small catalogues of our own, made as the real ones are."""
    for name, (_, _, forms) in FORMS.items():
        catalogue = Catalog(name, domain=i18n.DOMAIN)
        catalogue.add(("%(n)d call", "%(n)d calls"), forms)
        catalogue.add("Open", {"et": "Ava", "ru": "Открыть"}[name], context="menu")
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / f"{i18n.DOMAIN}.mo").open("wb") as file:
            write_mo(file, catalogue)
    return tmp_path


@pytest.mark.parametrize(
    ("spoken", "n", "said"),
    [
        *[("en", n, said) for n, said in ((0, "0 calls"), (1, "1 call"), (2, "2 calls"))],
        *[("et", n, said) for n, said in ((0, "0 kõnet"), (1, "1 kõne"), (2, "2 kõnet"))],
        *[("et", n, f"{n} kõnet") for n in (5, 11, 21, 101)],
        *[("ru", n, f"{n} звонок") for n in (1, 21, 101, 1001)],
        *[("ru", n, f"{n} звонка") for n in (2, 3, 4, 22, 104)],
        *[("ru", n, f"{n} звонков") for n in (0, 5, 11, 12, 14, 20, 111, 112)],
    ],
)
def test_the_right_plural(locale_dir: Path, spoken: str, n: int, said: str) -> None:
    i18n.use(spoken, locale_dir)
    assert i18n.spoken() == spoken
    assert i18n.ntr("%(n)d call", "%(n)d calls", n) == said


def test_a_word_in_its_context_and_a_word_without_a_translation(locale_dir: Path) -> None:
    i18n.use("et", locale_dir)
    assert i18n.ptr("menu", "Open") == "Ava"
    assert i18n.ptr("shop", "Open") == "Open"
    assert i18n.tr("Something else") == "Something else"


def test_a_language_without_a_catalogue_is_spoken_in_english(tmp_path: Path) -> None:
    i18n.use("ru", tmp_path)
    assert i18n.ntr("%(n)d call", "%(n)d calls", 5) == "5 calls"
