"""Rules that say what a crash usually means, one file for each kind; crash_help.py asks them in turn."""
