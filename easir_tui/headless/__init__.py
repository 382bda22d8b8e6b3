"""The commands that need no screen: each module registers its own and runs it, and none loads Textual.

Libraries and rules are imported inside the functions that use them, so that `easir --help` and a script that
asks for one contact pay for nothing else.
"""
