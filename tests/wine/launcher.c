/* python.exe: everything else of a Python for Windows comes in a wheel. */
#include <windows.h>
typedef int (*Main)(int, wchar_t **);
int wmain(int count, wchar_t **words) {
  HMODULE python = LoadLibraryW(L"python311.dll");
  Main start = python ? (Main)(void *)GetProcAddress(python, "Py_Main") : 0;
  return start ? start(count, words) : 111;
}
