"""The tag tree of a PDF: what a screen reader, a Braille display or a reflowing viewer reads.

WeasyPrint makes one element for each *box*, so a table over three pages becomes three tables. Here
the tree is made of the *HTML elements* from which the boxes came, each of which gives one element
of the PDF however many pages it takes:

    boxes of all pages -> pieces (what was drawn, in reading order) -> nodes -> PDF objects

``roles`` says what each HTML element becomes, ``tables`` which cells head which, ``attributes``
what else a reader is told. Rules and names are those of ISO 32000-1 (PDF 1.7), chapter 14.8, and
of ISO 14289-1 (PDF/UA-1).
"""

from guidegen.renderers.tags.engine import own_tags

__all__ = ["own_tags"]
