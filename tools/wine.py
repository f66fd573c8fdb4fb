"""A Python for Windows under Debian's Wine, put together for the tests of the Windows back-ends.

python.org's own files come in a wheel of panda3d (which ships a Python to freeze games with), the
standard library is this Python's, all else are the pinned wheels for Windows. For tests alone.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from tools import environment
from tools.talk import ROOT, Stop, must_run, run, say

HOME = ROOT / "build" / "wine"
PYTHON = HOME / "python" / "python.exe"
PACKAGES = (
    *("wine", "wine64", "gcc-mingw-w64-x86-64", "binutils-mingw-w64-x86-64", "nsis"),
    "gcc",
)
_PARTS = ROOT / "tests" / "wine"
_VERSION = (3, 11)  # that the wheel brings
_COMPILER = "x86_64-w64-mingw32-gcc"
_NOT_THERE = {"test", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3", "site-packages"}
_NO_DLL_MAIN = "int __stdcall DllMain(void *a, unsigned b, void *c) { return 1; }\n"


def test(pytest_args: Sequence[str]) -> int:
    """Run tests/wine in it, on a display of its own, and tests/mac here; 0 when all is well."""
    prepare()
    _build_setups()
    pytest: tuple[str | Path, ...] = ("-m", "pytest", *pytest_args)
    mac = run([environment.PYTHON, *pytest, "tests/mac"], {"QT_QPA_PLATFORM": "offscreen"})
    return under_wine(PYTHON, *pytest, "tests/wine") or mac


def prepare() -> None:
    """Have the Python and its Wine ready; made anew where pins or parts changed."""
    if sys.version_info[:2] != _VERSION:
        raise Stop("the tests under Wine take their standard library from Python 3.11: start "
                   "dev.py with that one.")  # fmt: skip
    lacking = [name for name in ("wine", _COMPILER) if shutil.which(name) is None]
    if lacking:
        raise Stop(f"these programs are missing (see above): {', '.join(lacking)}")
    stamp, now = HOME / "stamp", _print()
    if stamp.exists() and stamp.read_text() == now:
        return
    shutil.rmtree(HOME, ignore_errors=True)
    PYTHON.parent.mkdir(parents=True)
    _install_wheels()
    _copy_library()
    _build_parts()
    say("making a Windows for it")
    if under_wine("wineboot", "-i"):
        raise Stop("Wine could not begin (see above).")
    stamp.write_text(now)


def under_wine(*words: str | Path) -> int:
    """Run a program for Windows on a private desktop."""
    return run([environment.PYTHON, "-m", "tests.wine", HOME / "prefix", *words])


def _print() -> str:
    digest = hashlib.sha256()
    for file in (*map(environment.pins, ("dev", "wine")), *sorted(_PARTS.glob("*.c")), __file__):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def _install_wheels() -> None:
    say("installing the pinned wheels for Windows")
    environment.install("lock")  # uv installs for another system
    uv: list[str | Path] = [
        *(environment.PYTHON, "-m", "uv", "pip", "install", "--quiet", "--no-deps"),
        *("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.11"),
        *("--only-binary", ":all:", "--require-hashes"),
    ]
    site = PYTHON.parent / "Lib" / "site-packages"
    for name, target in (("dev", site), ("wine", HOME / "panda")):
        failed = "the wheels for Windows could not be installed (see above)."
        must_run([*uv, "--target", target, "-r", environment.pins(name)], failed)
    for file in (HOME / "panda" / "deploy_libs").iterdir():
        if not file.name.startswith(("tcl", "tk", "_tkinter", "api-ms-win-crt")):
            shutil.copy(file, PYTHON.parent)
    shutil.rmtree(HOME / "panda")


def _copy_library() -> None:
    library = Path(sysconfig.get_path("stdlib"))
    target = PYTHON.parent / "Lib"
    for each in library.iterdir():
        if each.name.startswith(("_sysconfigdata", "config-", "lib-dynload", "__pycache__")):
            continue
        if each.is_dir() and each.name not in _NOT_THERE:
            leave = shutil.ignore_patterns("__pycache__", "test", "tests")
            shutil.copytree(each, target / each.name, ignore=leave, dirs_exist_ok=True)
        elif each.suffix == ".py":
            shutil.copy(each, target)


def _build_parts() -> None:
    """python.exe; python3.dll, which hands on to python311.dll; what Wine lacks for Qt."""
    _compile("-municode", _PARTS / "launcher.c", PYTHON)
    dll, work = PYTHON.parent / "python311.dll", HOME / "work"
    work.mkdir()
    listed = subprocess.run(
        ["x86_64-w64-mingw32-objdump", "-p", dll], capture_output=True, text=True, check=True
    ).stdout
    names = re.findall(r"^\s+\[ *\d+\].*?\b(_?Py\w+)$", listed, re.MULTILINE)
    (work / "python3.def").write_text(
        "LIBRARY python3.dll\nEXPORTS\n"
        + "".join(f"  {name} = python311.{name}\n" for name in sorted(set(names)))
    )
    (work / "nothing.c").write_text(_NO_DLL_MAIN)
    shared = ("-shared", "-nostdlib", "-Wl,-e,DllMain", work / "nothing.c", work / "python3.def")
    _compile(*shared, PYTHON.parent / "python3.dll")
    _compile("-shared", "-w", _PARTS / "icuuc.c", PYTHON.parent / "icuuc.dll")


def _build_setups() -> None:
    """Two versions of the installer, with a stand-in for the bundle."""
    folder = HOME / "setups"
    shutil.rmtree(folder, ignore_errors=True)
    bundle = folder / "bundle"
    (bundle / "_internal").mkdir(parents=True)
    (bundle / "_internal" / "part.dll").write_text("a part")
    for name in ("desk-phone.exe", "desk-phone-console.exe"):
        _compile("-municode", _PARTS / "stand_in.c", bundle / name)
    for version in (1, 2):
        defined = (f"-DVERSION=0.0.{version}", f"-DBUNDLE={bundle}")
        out = f"-DOUT={folder / f'setup-{version}.exe'}"
        script = ROOT / "installers" / "windows" / "desk_phone.nsi"
        must_run(["makensis", "-V2", "-WX", *defined, out, script], "makensis failed (see above).")


def _compile(*words: str | Path) -> None:
    """The last word is what is made."""
    *options, made = words
    must_run([_COMPILER, "-O2", *options, "-o", made], f"{Path(made).name} could not be compiled.")
