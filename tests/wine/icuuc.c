/* Windows 10 has its own icuuc.dll, Wine 8 has none. Qt6Core asks it for converters; every opening fails here,
   and Qt takes its own codecs. */
typedef int Error;
typedef void *Any;
#define OUT __declspec(dllexport)
enum { FAILED = 4 }; /* U_FILE_ACCESS_ERROR */
static void fail(Error *error) { if (error) *error = FAILED; }
OUT Any ucnv_open(const char *name, Error *error) { fail(error); return 0; }
OUT void ucnv_close(Any c) {}
OUT void ucnv_reset(Any c) {}
OUT signed char ucnv_getMaxCharSize(Any c) { return 4; }
OUT const char *ucnv_getName(Any c, Error *error) { fail(error); return ""; }
OUT const char *ucnv_getStandardName(const char *n, const char *s, Error *error) { fail(error); return 0; }
OUT const char *ucnv_getAvailableName(int n) { return 0; }
OUT int ucnv_countAvailable(void) { return 0; }
OUT void ucnv_getToUCallBack(Any c, Any *action, const Any *context) {}
OUT void ucnv_getFromUCallBack(Any c, Any *action, const Any *context) {}
OUT void ucnv_setToUCallBack(Any c, Any a, Any x, Any *o, Any *y, Error *error) { fail(error); }
OUT void ucnv_setFromUCallBack(Any c, Any a, Any x, Any *o, Any *y, Error *error) { fail(error); }
OUT void ucnv_cbToUWriteUChars(Any a, Any s, int n, int o, Error *error) { fail(error); }
OUT void ucnv_cbFromUWriteUChars(Any a, Any *s, Any n, int o, Error *error) { fail(error); }
OUT void ucnv_toUnicode(Any c, Any t, Any m, Any s, Any l, Any o, char f, Error *error) { fail(error); }
OUT void ucnv_fromUnicode(Any c, Any t, Any m, Any s, Any l, Any o, char f, Error *error) { fail(error); }
OUT int ucnv_toUCountPending(Any c, Error *error) { return 0; }
OUT int ucnv_fromUCountPending(Any c, Error *error) { return 0; }
