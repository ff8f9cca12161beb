"""An Android phone or emulator as an environment, driven through the `adb` program."""
