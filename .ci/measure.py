"""Measures images: an algorithm as researchers bring it, in an image with an entry point of its own.

measure.py FOLDER RESULTS reads each file of FOLDER and writes a line of JSON per file to RESULTS/measured.json. It ends
with 3 if a file is no whole image.
"""

import json
import os
import struct
import sys
import zlib


def png(data):
    at, size = 8, None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if zlib.crc32(kind + body) != crc:
            raise ValueError("a part has another checksum")
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
        if kind == b"IEND":
            return size
        at += 12 + length
    raise ValueError("it ends before its end")


def jpeg(data):
    if data[-2:] != b"\xff\xd9":
        raise ValueError("it ends before its end")
    at = 2
    while True:
        kind, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if kind in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length


def tiff(data):
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack(order + "I", data[4:8])
    (count,) = struct.unpack(order + "H", data[at : at + 2])
    values = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, _, value = struct.unpack(order + "HHII", data[entry : entry + 12])
        values[tag] = value & 0xFFFF if kind == 3 and order == "<" else value >> 16 if kind == 3 else value
    return values[256], values[257]


KINDS = {b"\x89PNG": ("png", png), b"\xff\xd8\xff": ("jpeg", jpeg), b"II*\0": ("tiff", tiff), b"MM\0*": ("tiff", tiff)}


def measure(path):
    with open(path, "rb") as file:
        data = file.read()
    for start, (name, reader) in KINDS.items():
        if data.startswith(start):
            width, height = reader(data)
            return {"format": name, "width": width, "height": height, "bytes": len(data)}
    raise ValueError("it is no PNG, JPEG or TIFF")


def main():
    folder, results = sys.argv[1:3]
    lines = []
    for name in sorted(os.listdir(folder)):
        try:
            lines.append(json.dumps({"name": name, **measure(os.path.join(folder, name))}))
        except (ValueError, KeyError, IndexError, struct.error) as wrong:
            print(f"{name} is no whole image: {wrong}", file=sys.stderr)
            return 3
    with open(os.path.join(results, "measured.json"), "w") as file:
        file.write("\n".join(lines) + "\n")
    print(f"measured {len(lines)} on {os.environ.get('SCALE', 'no')} scale")
    return 0


sys.exit(main())
