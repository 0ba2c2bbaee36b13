"""A picture as a part of a page."""

from __future__ import annotations

import xml.etree.ElementTree as ET

SVG = "http://www.w3.org/2000/svg"


def element_of(written: bytes, title: str, prefix: str) -> str:
    """The `<svg>` element alone, with its own ids, no fixed size, and a title.

    Args:
        written: an SVG file of matplotlib's.
        title: of the picture, for screen readers.
        prefix: of all its ids, unique in a page.
    """
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(written)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}:
                parent.remove(child)  # a style element would hold for the whole page
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                value = prefix + value
            elif name.endswith("href") and value.startswith("#"):
                value = f"#{prefix}{value[1:]}"
            element.set(name, value.replace("url(#", f"url(#{prefix}"))
    for size in ("width", "height"):
        root.attrib.pop(size)
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    root.set("role", "img")
    root.set("aria-label", title)
    return ET.tostring(root, encoding="unicode")
