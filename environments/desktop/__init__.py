"""A desktop as an environment: pictures by mss, input by pyautogui in a process of its own."""
