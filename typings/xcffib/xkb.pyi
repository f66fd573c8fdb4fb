from xcffib import Event, ExtensionKey

key: ExtensionKey

class NewKeyboardNotifyEvent(Event): ...
