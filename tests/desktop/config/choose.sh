#!/bin/sh
# Plays the menu of a notification's actions: prints the line that holds the wanted words.
grep -F -m 1 -- "$(cat "$XDG_RUNTIME_DIR/choose")"
