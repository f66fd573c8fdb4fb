def user_data_dir(
    appname: str | None = ...,
    appauthor: str | bool | None = ...,
    version: str | None = ...,
    roaming: bool = ...,
) -> str: ...
def site_config_dir(
    appname: str,
    appauthor: str | bool | None = ...,
    version: str | None = None,
    multipath: bool = False,
) -> str: ...
