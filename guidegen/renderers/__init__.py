"""One renderer per output format, one engine per module."""
