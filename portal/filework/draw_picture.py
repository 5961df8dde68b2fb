"""A program: SOURCE TARGET SIDE draws a picture upright, at most SIDE pixels long, without its words."""

import sys

from PIL import Image, ImageOps


def main() -> None:
    source, target, side = sys.argv[1], sys.argv[2], int(sys.argv[3])
    Image.MAX_IMAGE_PIXELS = None  # the upload was measured; memory and time are limited from outside
    with Image.open(source, formats=["JPEG", "PNG"]) as picture:
        picture.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((side, side))
    if upright.mode in ("LA", "P", "PA", "RGBA", "La", "RGBa") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Image.new("RGB", layer.size, "white")
        upright.paste(layer, mask=layer)
    elif upright.mode.startswith("I"):
        upright = upright.point(lambda depth: depth / 256).convert("L")  # sixteen bits of grey
    Image.frombytes("RGB", upright.size, upright.convert("RGB").tobytes()).save(target, "JPEG", quality=85)


if __name__ == "__main__":
    main()
