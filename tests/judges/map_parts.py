"""Building blocks of a pyx12 map: elements, composites and segments as XML, and ways to change those that are there.

A pyx12 map is a tree of loops, segments, composites and elements; each says whether it is required (R), situational
(S) or not used (N), and which codes it takes. Everything here is about that form, nothing about dentistry.
"""

import copy
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence

Node = ET.Element


def _with_children(tag: str, xid: str, **texts: str) -> Node:
    node = ET.Element(tag, {"xid": xid})
    for name, text in texts.items():
        ET.SubElement(node, name).text = text
    return node


def element(xid: str, data: str, usage: str, codes: Sequence[str] = (), external: str = "") -> Node:
    """An element such as DN202; its position is in its name. `external` names one of pyx12's own code lists."""
    node = _with_children("element", xid, data_ele=data, name=xid, usage=usage, seq=xid[-2:])
    if codes or external:
        valid = ET.SubElement(node, "valid_codes", {"external": external} if external else {})
        for code in codes:
            ET.SubElement(valid, "code").text = code
    return node


def composite(xid: str, data: str, usage: str, part_data: str, codes: Sequence[str], parts: int) -> Node:
    """A composite of `parts` equal components, the first of which is required."""
    node = _with_children("composite", xid, data_ele=data, name=xid, usage=usage, seq=xid[-2:])
    for part in range(1, parts + 1):
        node.append(element(f"{xid}-{part:02d}", part_data, "R" if part == 1 else "S", codes))
    return node


def segment(xid: str, name: str, usage: str, pos: str, max_use: str, children: Iterable[Node]) -> Node:
    node = _with_children("segment", xid, name=name, usage=usage, pos=pos, max_use=max_use)
    node.extend(children)
    return node


def segments(loop: Node, xid: str = "") -> list[Node]:
    """The segments that stand in `loop` itself, in order."""
    return [child for child in loop if child.tag == "segment" and xid in ("", child.get("xid"))]


def loops(loop: Node) -> dict[str, Node]:
    return {child.get("xid", ""): child for child in loop if child.tag == "loop"}


def part(node: Node, xid: str) -> Node:
    """The element or composite `xid` anywhere in `node`."""
    return next(child for child in node.iter() if child.get("xid") == xid)


def codes_of(node: Node, xid: str) -> set[str]:
    return {code.text or "" for child in node.iter("element") if child.get("xid") == xid for code in child.iter("code")}


def set_text(node: Node, tag: str, text: str) -> None:
    found = node.find(tag)
    assert found is not None, f"{node.get('xid')} has no {tag}"
    found.text = text


def take(node: Node, xid: str, *codes: str, usage: str = "") -> None:
    """Let the element `xid` take these codes and no others; without codes, any value."""
    target = part(node, xid)
    for old in target.findall("valid_codes"):
        target.remove(old)
    if codes:
        valid = ET.SubElement(target, "valid_codes")
        for code in codes:
            ET.SubElement(valid, "code").text = code
    if usage:
        set_text(target, "usage", usage)


def like(template: Node, name: str, qualifier: str, codes: Sequence[str], **texts: str) -> Node:
    """A copy of `template` under another name, whose element `qualifier` takes `codes`."""
    made = copy.deepcopy(template)
    take(made, qualifier, *codes)
    for tag, text in {"name": name, **texts}.items():
        set_text(made, tag, text)
    return made


def renamed(template: Node, old: str, new: str) -> Node:
    """A copy of `template` in which every id that begins with `old` begins with `new`, its position included."""
    made = copy.deepcopy(template)
    for node in made.iter():
        if (xid := node.get("xid", "")).startswith(old):
            node.set("xid", new + xid[len(old) :])
    set_text(made, "seq", new[-2:])
    return made


def drop(loop: Node, unwanted: Callable[[Node], bool]) -> None:
    for child in segments(loop):
        if unwanted(child):
            loop.remove(child)


def insert_after(loop: Node, reference: Node, made: Iterable[Node]) -> None:
    at = list(loop).index(reference) + 1
    for offset, node in enumerate(made):
        loop.insert(at + offset, node)
