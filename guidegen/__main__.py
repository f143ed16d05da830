"""``python -m guidegen`` is the same as ``guidegen``."""

from guidegen.cli import main

if __name__ == "__main__":
    main()
