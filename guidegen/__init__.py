"""Printable study guides and comparison handouts from content files.

The short map, in the order in which data flows:

- :mod:`guidegen.loader` reads YAML and Markdown into the frozen :mod:`guidegen.models`;
- :mod:`guidegen.checks` holds the rules between files;
- :mod:`guidegen.selection` picks the sections that were asked for, and says why;
- :mod:`guidegen.view` numbers them and turns Markdown into HTML: a ``Document``;
- :mod:`guidegen.renderers` make HTML and PDF of it;
- :mod:`guidegen.preflight` looks at the laid-out pages;
- :mod:`guidegen.writer` puts the files in place, all or none.

:mod:`guidegen.pipeline` knows this order; :mod:`guidegen.cli` is the command line.

>>> from pathlib import Path
>>> import datetime, guidegen
>>> project = guidegen.find(None, Path.cwd())
>>> today = datetime.date(2026, 11, 24)
>>> built = guidegen.build(project, guidegen.Request(), today=today)  # doctest: +SKIP
"""

from __future__ import annotations

__version__ = "0.1.0"
