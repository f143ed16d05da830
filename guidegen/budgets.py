"""How much is too much, decided once: what is beyond is a mistake or an attack, and is refused.

Each number is far above what a handout needs and below what the machine cannot bear. Times are CPU
seconds of one core, measured with PyYAML 6.0, markdown-it-py 4.3 and WeasyPrint 70.0.
"""

# Files.
MAX_BYTES = 2_000_000
"""Of a file of text. It is read in a second, and holds as many words as five textbooks."""
MAX_FILES = 5_000
"""Of a project; each costs calls of the system, even when it is empty."""
MAX_FOLDERS = 8
"""Of pictures, in each other."""
MAX_TEXT_BYTES = 20_000_000
"""Of all files of text together, so that a library stays below half a gigabyte of memory."""
MAX_FIGURE_BYTES = 10_000_000
"""Of a photograph. A web page carries its pictures, and has to go through a school's mail."""
MAX_FIGURES_BYTES = 100_000_000
"""Of all pictures together, since all of them are held in memory."""

# YAML.
MAX_DEPTH = 40
"""Levels of lists and keys; the content itself needs twelve."""
MAX_NODES = 200_000
"""Values in a file. Their tree takes 80 MB and two seconds."""
MAX_ITEMS = 5_000
"""Items of a list, or keys beside each other; as bullets they are a hundred pages."""
MAX_WORD = 1_000
"""Letters of a word. The engine takes minutes to break one of 50,000, and no page has room."""
MAX_SLOW_BYTES = 500_000
"""Of a file that PyYAML must read without libyaml's help, at 400 kB a second."""

# Text.
MAX_NESTING = 20
"""Elements of Markdown in each other, such as ten lists. The engine fails at 200, ours included."""
MAX_FOOTNOTES = 50
"""In one paragraph; the engine's time grows with their square, 18 s for 400."""
MAX_COLUMNS = 20
"""Of a table; on a page of Letter each is then as wide as a word."""
MAX_ROWS = 1_000
"""Of a table, which is thirty pages of rows."""
MAX_QUOTES = 500
"""Quotation marks in a paragraph that are made typographic; the time grows with their square."""

MAX_SIGNS = 60_000
"""Lines and brackets in the texts of a file, a bracket as four; 60 microseconds each."""

# Comparisons and courses.
MAX_SUBJECTS = 200
MAX_CRITERIA = 500
"""Of a comparison; a thousand cells are twenty pages."""
MAX_ANCESTORS = 10
"""Courses that extend each other in a row; nobody can tell any more which of them says what."""

# Pictures.
MAX_PIXELS = 50_000_000
"""Of a JPEG, which the PDF takes as it is; cameras of phones make 50 million."""
MAX_PNG_PIXELS = 16_000_000
"""Of a PNG, which is packed anew at 3 million a second; a page at 400 dpi has 15 million."""
MAX_ELEMENTS = 10_000
"""Of an SVG, with each <use>, marker and pattern counted as often as it is drawn; 3 s."""
MAX_SVG_DEPTH = 100
"""Elements of an SVG in each other; the engine draws each inside the call for the one around it."""
MAX_STYLE_CHECKS = 200_000
"""Rules of an SVG's style sheets times its elements, since each is held against each."""

# Problems.
MAX_TOLD = 200
"""Problems of one kind that are told in one pass; who reads more than that?"""
MAX_DETAILS = 2_000
"""Findings of pydantic in one file that are put into words; one mistake makes up to twenty."""
MAX_GUESSES = 500
"""Names that are compared with a misspelt one, at 4 microseconds each."""
