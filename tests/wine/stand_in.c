/* In the place of the bundle's programs: stays until it is ended, as the tray program does. Given a
   word, it leaves that beside itself and ends. */
#include <stdio.h>
#include <windows.h>
int wmain(int count, wchar_t **words) {
  if (count > 1) {
    FILE *file = _wfopen(L"given", L"w");
    if (file) fwprintf(file, L"%ls", words[1]), fclose(file);
    return 0;
  }
  Sleep(600000);
  return 0;
}
