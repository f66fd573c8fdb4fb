/* In the place of Carbon.framework: the same C signatures, so that what ctypes passes is checked by a compiler's
   own idea of them. press(key) is a person who presses the keys that were registered as number key. */
#include <stdint.h>
#include <stdlib.h>

typedef int32_t OSStatus;
typedef struct { uint32_t kind_of, kind; } EventType;
typedef struct { uint32_t signature, id; } HotKeyId;
typedef OSStatus (*Handler)(void *call, void *event, void *ours);
typedef struct Key { uint32_t code, modifiers; HotKeyId id; int held; } Key;

enum { PARAMETER_MISSING = -9870, EXISTS = -9878, NOT_HANDLED = -9874, AT_MOST = 8 };
#define FOUR(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))
static char the_target;
static Handler handler;
static Key keys[AT_MOST];

void *GetEventDispatcherTarget(void) { return &the_target; }

OSStatus InstallEventHandler(void *target, Handler given, unsigned long count, const EventType *types, void *ours, void **made) {
  if (target != &the_target || count != 1 || types->kind_of != FOUR('k', 'e', 'y', 'b') || types->kind != 5) return -50;
  handler = given;
  *made = &handler;
  return 0;
}

OSStatus RemoveEventHandler(void *made) {
  if (made != &handler) return -50;
  handler = 0;
  return 0;
}

OSStatus RegisterEventHotKey(uint32_t code, uint32_t modifiers, HotKeyId id, void *target, uint32_t options, void **made) {
  Key *free_one = 0;
  if (target != &the_target || options) return -50;
  for (Key *key = keys; key < keys + AT_MOST; key++) {
    if (key->held && key->code == code && key->modifiers == modifiers) return EXISTS;
    if (!key->held) free_one = key;
  }
  *free_one = (Key){code, modifiers, id, 1};
  *made = free_one;
  return 0;
}

OSStatus UnregisterEventHotKey(void *made) {
  ((Key *)made)->held = 0;
  return 0;
}

OSStatus GetEventParameter(void *event, uint32_t name, uint32_t type, uint32_t *actual, unsigned long size,
                           unsigned long *actual_size, void *out) {
  if (name != FOUR('-', '-', '-', '-') || type != FOUR('h', 'k', 'i', 'd') || size != sizeof(HotKeyId)) return PARAMETER_MISSING;
  *(HotKeyId *)out = *(HotKeyId *)event;
  return 0;
}

/* for the tests */
int press(uint32_t code, uint32_t modifiers) {
  for (Key *key = keys; key < keys + AT_MOST; key++)
    if (handler && key->held && key->code == code && key->modifiers == modifiers) return handler(0, &key->id, 0);
  return NOT_HANDLED;
}

int press_of_another_program(void) {
  HotKeyId theirs = {FOUR('O', 't', 'h', 'r'), 1};
  return handler ? handler(0, &theirs, 0) : NOT_HANDLED;
}

int listens(void) { return handler != 0; }
