"""Makes the data set of tiles: colour pictures of 32x32 on black in 15 classes, from the tiles of
Dungeon Crawl Stone Soup.

    git clone https://github.com/crawl/tiles
    python3 prepare_tiles.py --from tiles/releases/Nov-2015 tiles/releases/Ancient/Oct-5-2010 --out tiles.npz

Licence: CC0; the repository's README lists exceptions, which lie outside the folders named here. A
tile that occurs twice is taken once, from the first folder. The class comes from the folder or, for
monsters outside of folders, from the file's name. About a twelfth of each class, and at least
eight, are held out.

The folder source/rltiles of the game's source, which Debian has, too (apt-get source crawl), has
the same layout.
"""
import argparse
import os

import numpy as np
from PIL import Image

CLASSES = ["weapon", "armour", "potion", "jewellery", "book", "wand", "beast", "undead", "demon", "humanoid", "wall", "floor",
           "water", "feature", "spell"]
ITEMS = {"weapon": "weapon", "weapons": "weapon", "armour": "armour", "potion": "potion", "potions": "potion",
         "ring": "jewellery", "rings": "jewellery", "amulet": "jewellery", "book": "book", "books": "book", "scroll": "book",
         "scrolls": "book", "wand": "wand", "wands": "wand", "staff": "wand", "rod": "wand", "spells": "spell"}
MONSTERS = {"undead": "undead", "demons": "demon", "demonspawn": "demon", "unique": "humanoid", "humanoids": "humanoid",
            "holy": "humanoid", "draco": "humanoid", "animals": "beast", "dragons": "beast", "amorphous": "beast",
            "aquatic": "beast", "fungi_plants": "beast", "aberration": "beast", "eyes": "beast", "hydras": "beast"}
PLACES = {"wall": "wall", "floor": "floor", "water": "water", "gateways": "feature", "altars": "feature", "statues": "feature",
          "doors": "feature"}
PEOPLE = ("orc", "elf", "human", "dwarf", "ogre", "giant", "troll", "goblin", "kobold", "gnoll", "wizard", "knight", "naga",
          "centaur", "merfolk", "minotaur", "sprig", "deep", "draconian", "halfling", "angel", "daeva", "mage", "priest")
# An icon in the corner of an otherwise empty tile is a mark for other tiles, not a picture.
MARKED = {"weapon", "potion", "jewellery", "book", "wand", "armour"}


def classify(folders, name):
    """The class of a tile by its folders within the release, or None."""
    top, below = folders[0].replace("dc-", ""), folders[1] if len(folders) > 1 else ""
    if top in ("item", "UNUSED"):
        return ITEMS.get(below)
    if top == "mon" and below == "":
        return "humanoid" if any(k in name for k in PEOPLE) else "beast"
    if top == "mon":
        return MONSTERS.get(below)
    if top == "dngn":
        return PLACES.get(below)
    if top == "spells" or top == "gui" and below in ("spells", "invocations"):
        return "spell"
    return None


def tile(path, kind):
    """The tile on black, uint8 [32, 32, 3], or None if it is of another size or nearly empty."""
    image = Image.open(path).convert("RGBA")
    if image.size != (32, 32):
        return None
    x = np.asarray(image).astype(np.float32)
    alpha = x[..., 3:] / 255
    if (alpha > 0.5).sum() < 60:
        return None
    rows, columns = np.where(alpha[..., 0] > 0.3)
    across, down = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    if kind in MARKED and (across > 20 and down > 18 or across < 10 and down < 12):
        return None
    return (x[..., :3] * alpha).round().astype(np.uint8)


def gather(roots):
    """The tiles below the folders, uint8 [N, 32, 32, 3], and their classes, int64 [N], in the order
    of the folders' names."""
    seen, x, y = set(), [], []
    for root in roots:
        if not os.path.isdir(root):
            raise SystemExit(f"prepare_tiles: there is no folder {root}; give the folders that hold item, mon and dngn, or dc-mon and dc-dngn.")
        for folder, _, files in sorted(os.walk(root)):
            for name in sorted(f for f in files if f.endswith(".png") and not f.startswith(".")):
                kind = classify(os.path.relpath(folder, root).split(os.sep), name)
                picture = tile(os.path.join(folder, name), kind) if kind else None
                if picture is None or picture.tobytes() in seen:
                    continue
                seen.add(picture.tobytes())
                x.append(picture)
                y.append(CLASSES.index(kind))
    few = [name for c, name in enumerate(CLASSES) if y.count(c) < 9]
    if few:
        raise SystemExit(f"prepare_tiles: there are fewer than nine tiles of {', '.join(few)}; are these the folders of whole releases?")
    return np.stack(x), np.array(y, np.int64)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--from", dest="source", required=True, nargs="+", metavar="FOLDER", help="a release's folder, which holds item, mon and dngn")
    p.add_argument("--out", required=True)
    a = p.parse_args()
    x, y = gather(a.source)
    r, held = np.random.RandomState(0), np.zeros(len(x), bool)
    for c in range(len(CLASSES)):
        i = np.where(y == c)[0]
        held[r.choice(i, max(8, len(i) // 12), replace=False)] = True
    np.savez_compressed(a.out, x_train=x[~held], y_train=y[~held], x_test=x[held], y_test=y[held], classes=np.array(CLASSES))
    print({name: int((y == c).sum()) for c, name in enumerate(CLASSES)}, f"{held.sum()} held out")


if __name__ == "__main__":
    main()
