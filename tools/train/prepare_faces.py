"""Makes the data set of faces: colour pictures of 16x16 in classes by what a face has, drawn by
DiceBear's avatars "Pixel Art".

    npm --prefix tools/train/faces ci
    python3 prepare_faces.py --out faces.npz

Licences: the design (DiceBear, https://www.figma.com/community/file/1198754108850888330) is under
CC0 1.0, the code under the MIT licence.

A class is a set of the things of --with: none of them, each, and all together. There are as many
faces of each class; within a class DiceBear draws skin, hair, eyes, mouth and clothing with equal
chances, from the parts of --parts. A face follows from its seed, a text and a number. Held-out faces have the numbers from 0
on, those for training the numbers from a million on.

This file needs no more than Python and Node. The avatars consist of rectilinear paths on the grid
of 16x16, so a pixel is inside a path or not and no pixel is covered by half.
"""
import argparse
import io
import json
import math
import os
import re
import shutil
import struct
import subprocess
import threading
import xml.etree.ElementTree as xml
import zipfile
from functools import lru_cache

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE = 16
FIRST = 1_000_000  # number of the first face for training
BACKGROUND = "b6e3f4"
SVG = "{http://www.w3.org/2000/svg}"

# What faces are made of, as DiceBear's options. With few parts every one is seen at once, also under a
# hat, and a small network can learn them exactly.
FEW_SHORT, FEW_LONG = (1, 5, 6, 9, 11, 14, 16, 17), (1, 3, 4, 7, 8, 11, 12, 16)
PARTS = {
    "few": {
        "short": [f"short{i:02}" for i in FEW_SHORT],
        "long": [f"long{i:02}" for i in FEW_LONG],
        "hair": [*(f"short{i:02}" for i in FEW_SHORT), *(f"long{i:02}" for i in FEW_LONG)],
        "clothing": [f"variant{i:02}" for i in (1, 6, 7, 13, 19, 22)],
        "mouth": ["happy05", "happy06", "happy08", "happy11", "sad03", "sad04"],
        "eyes": [f"variant{i:02}" for i in (1, 2, 6, 9)],
        "glasses": ["dark02", "dark06", "light02", "light05", "light07"],
        "hat": [f"variant{i:02}" for i in (1, 2, 3, 5, 8)],
        "accessoriesProbability": 0,
        "beardProbability": 0,
        "skinColor": ["ffdbac", "eac393", "cb9e6e", "a26d3d", "8d5524"],
        "hairColor": ["28150a", "603a14", "a78961", "cab188", "bd1700", "009bbd"],
        "clothingColor": ["5bc0de", "03396c", "44c585", "d11141", "ffc425", "ff6f69"],
        "eyesColor": ["697b94", "588387", "876658"],
        "mouthColor": ["c98276", "e35d6a", "de0f0d"],
        "glassesColor": ["191919", "43677d", "a04b5d"],
        "hatColor": ["2663a3", "3d8a6b", "cc6192", "614f8a", "a62116"],
    },
    "all": {
        "short": [f"short{i:02}" for i in range(1, 25)],
        "long": [f"long{i:02}" for i in range(1, 22)],
    },
}

# Of a thing: whether a face has it, by its parts, and DiceBear's options for faces with and without,
# of those parts that there are.
THINGS = {name: (lambda parts, name=name: parts.get(name) is not None,
                 lambda parts, name=name: {name + "Probability": 100}, lambda parts, name=name: {name + "Probability": 0})
          for name in ("glasses", "hat", "beard")}
THINGS["long hair"] = (lambda parts: parts["hair"].startswith("long"),
                       lambda parts: {"hair": parts["long"]}, lambda parts: {"hair": parts["short"]})


def names(things):
    """The classes' names: bit i of a class says whether a face has thing i."""
    def name(c):
        has = [thing for i, thing in enumerate(things) if c >> i & 1]
        return "all three" if len(has) == 3 == len(things) else " and ".join(reversed(has)) or "plain"
    return [name(c) for c in range(1 << len(things))]


def options(parts, things, c, chances):
    """DiceBear's options for a face of class c, or of the class that chances in percent give."""
    chosen = {"backgroundColor": [BACKGROUND]}
    chosen.update((name, value) for name, value in parts.items() if name not in ("short", "long"))
    for i, thing in enumerate(things):
        _, having, lacking = THINGS[thing]
        chosen.update({thing + "Probability": chances[i]} if chances else (having if c >> i & 1 else lacking)(parts))
    return chosen


def avatars(wanted):
    """The avatars of [(seed, options)] in their order, as DiceBear tells of them: svg and parts."""
    if not os.path.isdir(os.path.join(HERE, "faces", "node_modules")):
        raise SystemExit("prepare_faces: DiceBear is not installed; `npm --prefix tools/train/faces ci` does that.")
    if not shutil.which("node"):
        raise SystemExit("prepare_faces: there is no node, which draws the avatars; install Node 18 or later.")
    with subprocess.Popen(["node", os.path.join(HERE, "faces", "avatars.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True, encoding="utf-8") as node:
        def ask():
            try:
                with node.stdin:
                    node.stdin.writelines(json.dumps(one) + "\n" for one in wanted)
            except BrokenPipeError:
                pass  # node has ended, and said why
        writer = threading.Thread(target=ask, daemon=True)
        writer.start()
        given = 0
        for line in node.stdout:
            given += 1
            yield json.loads(line)
        writer.join()
    if node.returncode or given != len(wanted):
        raise SystemExit(f"prepare_faces: node drew {given} of {len(wanted)} avatars; its message is above.")


@lru_cache(None)
def inside(path, even_odd):
    """The pixels inside a path of horizontal and vertical lines: indices, row by row."""
    winding = [0] * (SIDE * SIDE)
    x = y = start_x = start_y = 0

    def down(column, top, bottom):
        """A line at the left of the pixels from column on."""
        way = 1 if bottom > top else -1
        for row in range(max(0, min(top, bottom)), min(SIDE, max(top, bottom))):
            for i in range(max(0, column), SIDE):
                winding[row * SIDE + i] += way

    steps = re.findall(r"([A-Za-z])([^A-Za-z]*)", path)
    for command, text in steps:
        numbers = [int(n) for n in text.replace("-", " -").replace(",", " ").split()]
        if command in "Mm":
            if len(numbers) != 2:
                raise ValueError(path)
            x, y = (numbers[0], numbers[1]) if command == "M" else (x + numbers[0], y + numbers[1])
            start_x, start_y = x, y
        elif command in "Hh":
            for n in numbers:
                x = n if command == "H" else x + n
        elif command in "Vv":
            for n in numbers:
                to = n if command == "V" else y + n
                down(x, y, to)
                y = to
        elif command in "Zz" and not numbers and (x == start_x or y == start_y):
            down(x, y, start_y)
            x, y = start_x, start_y
        else:
            raise ValueError(path)
    return tuple(i for i, n in enumerate(winding) if (n & 1 if even_odd else n))


def colour(text):
    """Red, green and blue of a colour's hexadecimal digits."""
    digits = text.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * d for d in digits)
    return tuple(int(digits[i:i + 2], 16) for i in (0, 2, 4))


def part(a, b):
    """a * b / 255 of two bytes, rounded up."""
    return (a * b + 255) >> 8


def paint(text, opacity):
    """A colour with an opacity, as bytes multiplied by it: red, green, blue, alpha."""
    return tuple(int(v * opacity + 0.5) for v in (*colour(text), 255))


def over(picture, pixels, ink):
    """Lays paint over the pixels of a picture."""
    rest = 255 - ink[3]
    for i in pixels:
        picture[i] = tuple(v + part(u, rest) for v, u in zip(ink, picture[i]))


def brightness(picture):
    """What a mask lets through of each pixel: its luminance (CSS Masking, luminance masks)."""
    return [math.ceil(0.2125 * r + 0.7154 * g + 0.0721 * b) for r, g, b, _ in picture]


def layer(group, masks, fill="#000", rule="nonzero", onto=None):
    """The picture of an element's paths, RGBA by pixel, multiplied by alpha."""
    picture = [(0, 0, 0, 0)] * (SIDE * SIDE) if onto is None else onto
    for e in group:
        own, way = e.get("fill", fill), e.get("fill-rule", rule)
        if e.tag == SVG + "g" and e.get("mask", "url(#viewboxMask)") == "url(#viewboxMask)":
            layer(e, masks, own, way, picture)
        elif e.tag == SVG + "g":
            through = masks[e.get("mask")[5:-1]]
            for i, ink in enumerate(layer(e, masks, own, way)):
                ink = tuple(part(v, through[i]) for v in ink)
                picture[i] = tuple(v + (u * (255 - ink[3]) + 127) // 255 for v, u in zip(ink, picture[i]))
        elif e.tag == SVG + "path":
            over(picture, inside(e.get("d"), way == "evenodd"), paint(own, float(e.get("fill-opacity", e.get("opacity", 1)))))
        elif e.tag == SVG + "rect" and e.get("width") == e.get("height") == str(SIDE):
            over(picture, range(SIDE * SIDE), paint(own, 1))
        elif e.tag not in (SVG + "mask", SVG + "metadata"):
            raise ValueError(e.tag)
    return picture


def draw(svg):
    """The picture of an avatar, bytes [16, 16, 3]."""
    root = xml.fromstring(svg)
    masks = {mask.get("id"): brightness(layer(mask, {})) for mask in root.iter(SVG + "mask")}
    return bytes(v for pixel in layer(root, masks) for v in pixel[:3])


def faces(parts, seed, first, count, things, chances=None):
    """Faces [count, 16, 16, 3] and their classes [count], of the numbers from first on: without
    chances each class in turn."""
    kinds = 1 << len(things)
    wanted = [(f"{seed}{first + i}", options(parts, things, i % kinds, chances)) for i in range(count)]
    x, y = bytearray(), []
    for given in avatars(wanted):
        x += draw(given["svg"])
        y.append(sum(THINGS[thing][0](given["parts"]) << i for i, thing in enumerate(things)))
    return bytes(x), y


def array(kind, shape, data):
    """A file of numpy's format, version 1.0."""
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({', '.join(map(str, shape))}{',' * (len(shape) == 1)}), }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + data


def write(path, arrays):
    """An .npz file with nothing in it that depends on the day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in arrays.items():
            file.writestr(zipfile.ZipInfo(name + ".npy"), content, zipfile.ZIP_DEFLATED)
    try:
        with open(path, "wb") as f:
            f.write(buffer.getvalue())
    except OSError as e:
        raise SystemExit(f"prepare_faces: {path} cannot be written: {e.strerror}.")


def arguments(argv=None):
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("--out", required=True)
    p.add_argument("--train", type=int, default=40_000, help="number of faces for training")
    p.add_argument("--test", type=int, default=2_000, help="number of faces that are held out")
    p.add_argument("--seed", default="f", help="text before the number of each face; another text gives other faces")
    p.add_argument("--parts", choices=sorted(PARTS), default="few", help="few that are seen at once, or all that DiceBear has")
    p.add_argument("--with", dest="things", default="glasses,hat,long hair", help=f"what makes the classes, some of: {', '.join(THINGS)}")
    p.add_argument("--chances", help="chances in percent of the things of --with, instead of as many faces of each class")
    a = p.parse_args(argv)
    a.things = a.things.split(",")
    unknown = [thing for thing in a.things if thing not in THINGS]
    if unknown or len(set(a.things)) < len(a.things):
        p.error(f"--with is {','.join(a.things)} and must be some of {', '.join(THINGS)}, each once")
    if a.chances is not None:
        try:
            a.chances = [int(c) for c in a.chances.split(",")]
        except ValueError:
            p.error(f"--chances is {a.chances} and must be whole numbers")
        if len(a.chances) != len(a.things) or not all(0 <= c <= 100 for c in a.chances) or "long hair" in a.things:
            p.error("--chances must be a number from 0 to 100 for each thing of --with, and none of these may be long hair")
    if a.train < 1 or not 1 <= a.test <= FIRST:
        p.error(f"--train must be 1 or more, and --test from 1 to {FIRST}")
    return a


def main(a):
    kinds = names(a.things)
    longest = max(map(len, kinds))
    arrays = {"classes": array(f"<U{longest}", [len(kinds)], b"".join(k.ljust(longest, "\0").encode("utf-32-le") for k in kinds))}
    for part, first, count in (("train", FIRST, a.train), ("test", 0, a.test)):
        x, y = faces(PARTS[a.parts], a.seed, first, count, a.things, a.chances)
        arrays["x_" + part] = array("|u1", [count, SIDE, SIDE, 3], x)
        arrays["y_" + part] = array("<i8", [count], struct.pack(f"<{count}q", *y))
        print(part, {name: y.count(c) for c, name in enumerate(kinds)}, flush=True)
    write(a.out, arrays)


if __name__ == "__main__":
    main(arguments())
