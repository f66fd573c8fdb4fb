"""What goes into a bundle and what stays out, for desk_phone.spec and the relay's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

LANGUAGES = ("en", "et", "ru")

# Imported by their names, in the middle of functions: keyring's back-ends are chosen at run time,
# cffi's modules ask for their machine in C.
HIDDEN = (
    "_cffi_backend",
    *(f"keyring.backends.{name}" for name in ("SecretService", "libsecret", "kwallet")),
    *("keyring.backends.macOS", "keyring.backends.Windows"),
    "desk_phone.program",
    "desk_phone.system.x11_link",
    "PySide6.QtPrintSupport",
)
EXCLUDED = (
    *("tkinter", "unittest", "pydoc", "pydoc_data", "doctest", "pdb", "lib2to3", "test"),
    *("setuptools", "pip", "babel", "hatchling", "pytest", "PyInstaller", "gi"),
    *("lxml.html", "lxml.isoschematron", "lxml.objectify", "lxml.sax", "lxml.cssselect"),
    *("phonenumbers.geodata", "phonenumbers.carrierdata", "phonenumbers.tzdata"),
    *(f"PySide6.{name}" for name in ("QtQml", "QtQuick", "QtOpenGL", "QtOpenGLWidgets", "QtSql")),
    *(f"PySide6.{name}" for name in ("QtTest", "QtDesigner", "QtHelp", "QtUiTools", "QtXml")),
    "PySide6.QtConcurrent",
)

# The relay's bundle: a server has no windows, and nothing of a desk's own.
RELAY_HIDDEN = ("_cffi_backend", "keyring.backends.SecretService")
RELAY_EXCLUDED = (
    *EXCLUDED,
    *("PySide6", "shiboken6", "xcffib", "ldap3"),
    "chardet",  # of the tools that freeze; requests would take it
    *(f"desk_phone.{name}" for name in ("ui", "app", "controllers", "program", "desktop", "start")),
    *(f"desk_phone.{name}" for name in ("demo", "narrator", "picturing", "elsewhere", "simulator")),
)

# Qt's plugins by kind; None: all of that kind. Any other kind stays out.
_PLUGINS: dict[str, tuple[str, ...] | None] = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platformthemes": ("qxdgdesktopportal", "qgtk3"),
    "imageformats": ("qsvg", "qico", "qicns", "qgif", "qjpeg"),
    "iconengines": None,
    "tls": None,
    "styles": None,
    "printsupport": None,
    "xcbglintegrations": None,
    "platforminputcontexts": (
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    ),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": None,
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl", "dmabuf-server"),
    "networkinformation": ("qnetworkmanager", "qglib", "qnetworklistmanager"),
}

# Never the build machine's copies of these: the desktop has its own, and two of a kind in one
# process break GTK, drawing and keyrings. tools/linux_package.py checks what the package asks for.
_OF_THE_SYSTEM = (
    *("libgtk-3", "libgdk-3", "libgdk_pixbuf", "libatk", "libatspi", "libcairo", "libpango"),
    *("libepoxy", "libharfbuzz", "libgio-2.0", "libgobject-2.0", "libgmodule-2.0", "libglib-2.0"),
    *("libgthread-2.0", "libfontconfig", "libfreetype", "libX11.", "libX11-xcb", "libXext"),
    *("libXcomposite", "libXdamage", "libXi.", "libXinerama", "libXrandr", "libXcursor"),
    *("libXfixes", "libXrender", "libpixman", "libthai", "libdatrie", "libfribidi", "libcups"),
    *("libgraphite2", "libpng16", "libjpeg", "libtiff", "libwebp", "libbrotli", "libmount"),
    *("libblkid", "libselinux", "libpcre2", "libstdc++", "libgcc_s", "libdbus-1", "libsystemd"),
    *("libgcrypt", "libgpg-error", "libcap", "libkrb5", "libk5crypto", "libcom_err", "libgssapi"),
    *("libkeyutils", "libbsd", "libmd.", "liblz4", "libXau", "libXdmcp", "libz.so", "libexpat"),
    *("libreadline", "libtinfo", "readline.", "libQt6Egl"),
    # What libcups brings: printing asks the desktop's own.
    *("libgnutls", "libhogweed", "libnettle", "libp11-kit", "libunistring", "libgmp", "libtasn1"),
    *("libidn2", "libavahi"),
)
_OF_WINDOWS = ("opengl32sw.dll", "d3dcompiler_47.dll", "icuuc.dll")


def is_kept(inside: str) -> bool:
    """Whether a file is shipped; ``inside`` is its path in the bundle."""
    path = PurePosixPath(inside.replace("\\", "/"))
    if "plugins" in path.parts:
        kind = path.parts[path.parts.index("plugins") + 1]
        names = _PLUGINS.get(kind, ())
        return names is None or path.name.split(".")[0].removeprefix("lib") in names
    if "PySide6" in path.parts and path.suffix == ".qm":
        return path.stem in {f"qtbase_{language}" for language in LANGUAGES}
    if sys.platform == "linux" and path.name.startswith(_OF_THE_SYSTEM):
        return False
    return path.name.lower() not in _OF_WINDOWS and path.suffix not in (".ts", ".po")


def packages_of(modules: Iterable[str]) -> Iterator[str]:
    """The installed packages that these modules are from, by name."""
    given = packages_distributions()
    tops = {module.partition(".")[0] for module in modules}
    yield from sorted({name for top in tops for name in given.get(top, ())})


def texts_of_system_libraries(sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The copyright files of the Debian packages that the shipped libraries are from, with the
    folder for each; none where there is no dpkg."""
    ours = [file for source in sources for file in _spellings(source)]
    try:
        listing = subprocess.run(
            ["dpkg-query", "-S", *ours], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return
    for package in sorted({line.split(":")[0] for line in listing.splitlines() if line}):
        text = Path("/usr/share/doc", package, "copyright")
        if text.exists():
            yield str(text.resolve()), f"licences/system/{package}"


def _spellings(source: str) -> list[str]:
    """dpkg knows some files by /lib and some by /usr/lib."""
    real = str(Path(source).resolve())
    if not real.startswith(("/usr/lib", "/lib")):
        return []
    return [real, real.removeprefix("/usr")]
