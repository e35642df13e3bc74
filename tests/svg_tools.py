"""Take the figures' HTML apart, move it to another state, and write it in a comparable form."""

import json
import re
import xml.etree.ElementTree as ET


def drawing(html):
    """The SVG element of a figure."""
    return ET.fromstring(re.search(r"<svg.*?</svg>", html, re.DOTALL)[0])


def payload(html):
    """The data that a figure carries."""
    return json.loads(re.search(r'data-hash="[0-9a-f]+">(.*?)</script>', html, re.DOTALL)[1])


def moved(html, state):
    """The drawing in this state, by the rules that the page's script follows."""
    svg, data = drawing(html), payload(html)
    move(marked(svg), data["slots"], data["maps"], state)
    return svg


def marked(svg):
    """The parts of a drawing that change, as the slots count them."""
    return [node for node in svg.iter() if "data-lv" in node.attrib]


def move(parts, slots, maps, state):
    """Give the parts of a drawing their attributes and contents in a state."""
    for place, attribute, chosen_by, texts in slots:
        text = texts[maps[chosen_by][state]]
        if attribute:
            parts[place].set(attribute, text)
        else:
            parts[place][:] = list(ET.fromstring(f"<g>{text}</g>"))


def canonical(svg):
    """Markup free of names: references replaced by what they refer to, plain groups unwrapped."""
    shapes = {node.get("id"): node for group in svg.iter("defs") for node in group}

    def content(name):
        return f"[{write(shapes[name])}]"

    def write(node):
        if node.tag == "defs":
            return ""
        inner = "".join(map(write, node))
        attributes = {
            key: re.sub(r"#(lv[0-9a-f]{8}-\d+)", lambda found: content(found[1]), value)
            for key, value in sorted(node.attrib.items())
            if key not in {"data-lv", "id", "aria-label"}
        }
        if node.tag == "g" and not attributes:
            return inner
        names = "".join(f' {key}="{value}"' for key, value in attributes.items())
        return f"<{node.tag}{names}>{inner}</{node.tag}>\n"

    return write(svg)
