/* In the place of the bundle's programs: stays until it is ended, as the tray program does. */
#include <windows.h>
int wmain(int count, wchar_t **words) {
  Sleep(count > 1 ? 0 : 600000);
  return 0;
}
