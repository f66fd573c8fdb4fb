TAG_MAP: object
TYPE_MAP: object
