from xcffib import Event, ExtensionKey

key: ExtensionKey

class SelectionEventMask:
    SetSelectionOwner: int

class SelectionNotifyEvent(Event):
    owner: int
    selection: int
