"""Set up and run everything from a fresh checkout: python3 dev.py COMMAND

  demo [ARGS]          the program against a company that never existed; nothing real is touched
  run -- ARGS          the program from this checkout
  test [STEP ...] [--fail-fast] [-- PYTEST ARGS]
                       lint format types layers words unit property ui e2e, or only those named
  test --wine          the Windows back-ends and the installer under Debian's Wine; minutes at first
  test --debian        what `package` made, in clean Debian 12 and 13; for root, minutes at first
  bench [NAME ...]     every benchmark, or those whose file name holds NAME
  soak [NAME ...]      the long runs
  translate            bring the translation catalogues up to date with the code
  package [PART]       wheel, source archive and bundle, on Linux also .deb and tar.gz, into dist/;
                       PART: wheel, bundle or relay
  lock [--upgrade]     write requirements/*.txt anew from pyproject.toml

Each command first makes or renews .venv where that is needed, so the first one takes minutes (Qt is
a long download) and the next ones start at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tools import clean_debian, debian, environment, rings, wine
from tools import package as packaging
from tools.talk import ROOT, Stop, must_run, run, say


def demo(args: list[str]) -> int:
    _set_up("run", debian.QT)
    return run([environment.PYTHON, "-m", "desk_phone", "demo", *args])


def run_program(args: list[str]) -> int:
    _set_up("run", debian.QT)
    return run(
        [environment.PYTHON, "-m", "desk_phone", *(args[1:] if args[:1] == ["--"] else args)]
    )


def test(args: list[str]) -> int:
    own, pytest_args = _split(args)
    if own == ["--wine"]:
        _set_up("dev", (*debian.QT, *debian.DESKTOP, *wine.PACKAGES))
        return wine.test(pytest_args)
    if own == ["--debian"]:
        _set_up("dev", (*debian.QT, *debian.DESKTOP, *clean_debian.PACKAGES))
        return clean_debian.test(pytest_args)
    fail_fast = "--fail-fast" in own
    steps = [word for word in own if word != "--fail-fast"]
    if unknown := sorted(set(steps) - set(rings.NAMES)):
        raise Stop(f"no such step: {', '.join(unknown)}. There are: {' '.join(rings.NAMES)}")
    on_a_desktop = not steps or "e2e" in steps
    desktop = debian.DESKTOP if on_a_desktop else ()
    _set_up("dev", (*debian.QT, *debian.SERVERS, *desktop))
    return rings.run_steps(steps, pytest_args, fail_fast)


def bench(args: list[str]) -> int:
    """In the end a table of all of them, as docs/performance.md has it."""
    with TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        os.environ["DESK_PHONE_BENCHMARKS"] = str(notes)
        try:
            return _run_benchmarks("bench", args)
        finally:
            if notes.exists():
                run([environment.PYTHON, "-m", "benchmarks.report", str(notes)])


def soak(args: list[str]) -> int:
    return _run_benchmarks("soak", args)


def package(args: list[str]) -> int:
    _set_up("run", (*debian.QT, "binutils"))  # the bundle takes Qt's own libraries from here
    return packaging.package(args)


def translate(args: list[str]) -> int:
    """The words themselves are written by people, into resources/locale."""
    _set_up("run")
    return run([environment.PYTHON, "-m", "tools.translate", *args])


def lock(args: list[str]) -> int:
    """First what the program needs, then the tools on top of the very same versions."""
    _set_up("run")
    environment.install("lock")
    run_pins = environment.pins("run").relative_to(ROOT)
    for name, options in (
        ("run", ["pyproject.toml", "--group", "build"]),
        ("relay", ["pyproject.toml", "--extra", "relay", "--constraint", str(run_pins)]),
        (
            "dev",
            ["pyproject.toml", "--all-extras", "--group", "dev", "--constraint", str(run_pins)],
        ),
        ("freeze", ["--group", "freeze", "--constraint", str(run_pins)]),
        ("lock", ["--group", "lock"]),
        ("wine", ["--group", "wine"]),
    ):
        target = environment.pins(name).relative_to(ROOT)
        must_run(
            [*_COMPILE, *options, "--output-file", target, *args], f"{target} was not written."
        )
        say(f"wrote {target}")
    return 0


_COMPILE = [
    *(environment.PYTHON, "-m", "uv", "pip", "compile", "--quiet"),
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    # No word of where this machine gets its packages from.
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
]

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "run": run_program,
    "test": test,
    "bench": bench,
    "soak": soak,
    "translate": translate,
    "package": package,
    "lock": lock,
}


def _set_up(pins: str, system_packages: tuple[str, ...] = ()) -> None:
    """Have everything the command needs; system packages that cannot be had are told, not fatal."""
    if debian.here():
        debian.install((*debian.python_packages(), *system_packages))
    environment.prepare(pins)


def _run_benchmarks(kind: str, names: list[str]) -> int:
    _set_up("dev", (*debian.QT, *debian.DESKTOP, *debian.SERVERS))
    found = sorted((ROOT / "benchmarks").glob(f"{kind}_*.py"))
    chosen = [file for file in found if not names or any(name in file.stem for name in names)]
    if not chosen:
        raise Stop(f"there is no such file: benchmarks/{kind}_*.py")
    modules = [f"benchmarks.{file.stem}" for file in chosen]
    missed = [name for name in modules if run([environment.PYTHON, "-m", name]) != 0]
    if missed:
        raise Stop("not every target was met (see above): " + ", ".join(missed))
    return 0


def _split(args: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after ``--``."""
    if "--" not in args:
        return args, []
    cut = args.index("--")
    return args[:cut], args[cut + 1 :]


def main(argv: list[str]) -> int:
    command = COMMANDS.get(argv[0]) if argv else None
    if command is None:
        print(__doc__)
        return 0 if argv and argv[0] in ("-h", "--help", "help") else 2
    try:
        return command(argv[1:])
    except Stop as stop:
        say(str(stop))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
