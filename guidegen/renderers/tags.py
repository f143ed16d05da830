"""Mends the tag tree of a PDF where WeasyPrint's own falls short of PDF/UA-1.

A finisher is WeasyPrint's supported hook: it gets the finished objects before they are written.
It works on pydyf objects, so the engine's major version is pinned and the result is held against
veraPDF. What it mends, with the rule of ISO 14289-1 behind it:

- a link with markup inside gets a second annotation outside of its Link tag (7.18.5);
- a list item whose children are neither label nor body (7.2, table "LI");
- header cells without a scope (7.5);
- a link's description is the name of its anchor; it gets the words that are linked (7.18.1);
- running headers and footers tagged as content but reachable from no part of the tree (7.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pydyf

_MARK = re.compile(rb"<<\s*/MCID (\d+)\s*>>$")
_PRINTED = 4  # the annotation flag "Print", ISO 32000-1 table 165


def mend_tags(document: Any, pdf: Any, *, link_names: Mapping[str, str]) -> None:
    """Mend ``pdf``, a pydyf.PDF about to be written; ``document`` is WeasyPrint's own.

    ``link_names`` says for each anchor what a reader hears of a link to it.
    """
    _drop_stray_links(pdf)
    _name_links(pdf, link_names)
    for element in list(_dictionaries(pdf, "/StructElem")):
        if element["S"] == "/LI":
            _wrap_item_body(pdf, element)
        elif element["S"] in ("/THead", "/TBody", "/TFoot"):
            _set_scopes(pdf, element)
    _mark_running_lines(pdf)


def _dictionaries(pdf: Any, kind: str) -> Iterator[Any]:
    return (each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == kind)


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _children(pdf: Any, element: Any) -> Iterator[tuple[bytes, Any]]:
    for kid in list(element.get("K", [])):
        if isinstance(kid, bytes):
            yield kid, pdf.objects[_number(kid)]


def _drop_stray_links(pdf: Any) -> None:
    stray: set[bytes] = set()
    for element in _dictionaries(pdf, "/StructElem"):
        if element["S"] == "/Link":
            continue
        for kid, child in _children(pdf, element):
            if isinstance(child, dict) and child.get("Type") == "/OBJR":
                annotation = pdf.objects[_number(child["Obj"])]
                if annotation.get("Subtype") == "/Link":
                    stray.add(child["Obj"])
                    annotation.pop("StructParent", None)
                    element["K"].remove(kid)
    for entry in pdf.objects:
        if not isinstance(entry, dict):
            continue
        if entry.get("Type") == "/Page" and "Annots" in entry:
            entry["Annots"][:] = [name for name in entry["Annots"] if name not in stray]
        elif entry.get("Subtype") == "/Link":
            entry["F"] = _PRINTED


def _name_links(pdf: Any, names: Mapping[str, str]) -> None:
    for link in _dictionaries(pdf, "/Annot"):
        if "Dest" in link and link["Dest"].string in names:
            link["Contents"] = pydyf.String(names[link["Dest"].string])


def _wrap_item_body(pdf: Any, item: Any) -> None:
    loose = [
        (kid, child)
        for kid, child in _children(pdf, item)
        if child.get("S") not in ("/Lbl", "/LBody")
    ]
    if not loose:
        return
    body = next((child for _, child in _children(pdf, item) if child.get("S") == "/LBody"), None)
    if body is None:
        body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array([])})
        body["P"] = item.reference
        if "Pg" in item:
            body["Pg"] = item["Pg"]
        pdf.add_object(body)
        item["K"].append(body.reference)
    for kid, child in loose:
        item["K"].remove(kid)
        body["K"].append(kid)
        child["P"] = body.reference


def _set_scopes(pdf: Any, group: Any) -> None:
    scope = "/Column" if group["S"] == "/THead" else "/Row"
    for _, row in _children(pdf, group):
        for _, cell in _children(pdf, row):
            if cell.get("S") == "/TH":
                cell["A"]["Scope"] = scope


def _reachable(pdf: Any, root: Any) -> set[int]:
    seen: set[int] = set()
    waiting = [_number(kid) for kid in root["K"]]
    while waiting:
        number = waiting.pop()
        if number not in seen:
            seen.add(number)
            entry = pdf.objects[number]
            kids = entry.get("K", []) if isinstance(entry, dict) else []
            waiting.extend(_number(kid) for kid in kids if isinstance(kid, bytes))
    return seen


def _mark_running_lines(pdf: Any) -> None:
    """Turn what no reader can reach into artifacts, which a screen reader passes over."""
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    reachable = _reachable(pdf, root)
    parents = pdf.objects[_number(root["ParentTree"])]["Nums"]
    for page in _dictionaries(pdf, "/Page"):
        owners = parents[2 * page["StructParents"] + 1]
        dead = {
            mark
            for mark, owner in enumerate(owners)
            if isinstance(owner, bytes) and _number(owner) not in reachable
        }
        if dead:
            _to_artifacts(pdf.objects[_number(page["Contents"])].stream, dead)
            for mark in dead:
                owners[mark] = "null"


def _to_artifacts(operators: list[Any], dead: set[int]) -> None:
    for at, operator in enumerate(operators):
        if operator != b"BDC":
            continue
        properties = operators[at - 1]
        raw = properties if isinstance(properties, bytes) else properties.data
        mark = _MARK.match(raw)
        if mark and int(mark[1]) in dead:
            operators[at - 2 : at] = [b"/Artifact", b"<</Type /Pagination>>"]
