"""The process that moves the pointer, presses keys and asks for windows.

`python -m clickwright.environments.desktop.input` reads one request a line from its standard input and writes one
answer a line. A display that hangs hangs this process, which is then ended, and never the agent.
"""
