from xcffib import Event

class GrabMode:
    Async: int

class WindowClass:
    InputOnly: int

class Mapping:
    Pointer: int

class KeyPressEvent(Event):
    detail: int
    state: int

class KeyReleaseEvent(Event):
    detail: int
    state: int

class SelectionNotifyEvent(Event):
    selection: int
    property: int

class MappingNotifyEvent(Event):
    request: int
