"""One small source of every kind that is imported, below the first argument, as other programs write them. Needs numpy and Pillow."""
import gzip, io, pathlib, pickle, struct, sys, tarfile, zipfile
import numpy as np
from PIL import Image

root = pathlib.Path(sys.argv[1])
random = np.random.default_rng(1)


def file(path, content):
    path = root / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def picture(form, **how):
    out = io.BytesIO()
    mode = how.pop("mode", "RGB")
    pixels = np.kron(random.integers(0, 256, (4, 4, 3)), np.ones((4, 4, 1))).astype("u1")
    Image.fromarray(pixels).convert(mode).save(out, form, **how)
    return out.getvalue()


def npy(array, order="C"):
    out = io.BytesIO()
    np.save(out, np.asarray(array, order=order))
    return out.getvalue()


def idx(array): return bytes([0, 0, 8, array.ndim]) + b"".join(struct.pack(">I", n) for n in array.shape) + array.tobytes()


pixels, labels = random.integers(0, 256, (6, 5, 4), "u1"), np.array([0, 1, 2, 0, 1, 2], "u1")
exif = Image.Exif(); exif[0x112] = 6
PICTURES = {
    "png": picture("PNG"), "palette.png": picture("PNG", mode="P"), "adam7.png": picture("PNG", optimize=True), "grey.png": picture("PNG", mode="LA"),
    "jpg": picture("JPEG", exif=exif), "progressive.jpg": picture("JPEG", progressive=True), "cmyk.jpg": picture("JPEG", mode="CMYK"),
    "webp": picture("WEBP"), "animated.webp": picture("WEBP", save_all=True, append_images=[Image.new("RGB", (16, 16), (9, 9, 9))]), "alpha.webp": picture("WEBP", mode="LA"), "lossless.webp": picture("WEBP", lossless=True, exif=exif), "bmp": picture("BMP"), "grey.bmp": picture("BMP", mode="L"), "gif": picture("GIF"),
}
for name, content in PICTURES.items(): file(f"picture/{name}/a/{name if '.' in name else 'x.' + name}", content)
# A good one beside it, so that the set is not empty where the other one cannot be read.
for name in PICTURES: file(f"picture/{name}/b/good.png", PICTURES["png"])

batch = {b"data": random.integers(0, 256, (3, 3072), "u1"), b"labels": [1, 2, 3]}
for protocol in (0, 2, 4, 5): file(f"python{protocol}/data_batch_1", pickle.dumps(batch, protocol=protocol))
file("hundred/train", pickle.dumps({"data": batch[b"data"], "fine_labels": [1, 2, 3], "coarse_labels": [1, 1, 1]}, protocol=4))
file("binary/data_batch_1.bin", (bytes([7]) + batch[b"data"][0].tobytes()) * 2)
file("binary/batches.meta.txt", "\n".join("abcdefghij").encode())
file("idx/train-images-idx3-ubyte", idx(pixels)); file("idx/train-labels-idx1-ubyte", idx(labels))
file("idx-gz/train-images-idx3-ubyte.gz", gzip.compress(idx(pixels))); file("idx-gz/train-labels-idx1-ubyte.gz", gzip.compress(idx(labels)))
file("npy/x_train.npy", npy(pixels, "F")); file("npy/y_train.npy", npy(labels.astype("i8")))
file("npy-float/x_train.npy", npy((pixels / 255).astype("f4"))); file("npy-float/y_train.npy", npy(np.eye(3)[labels]))
for form, save in (("npz", np.savez), ("npz-packed", np.savez_compressed)):
    out = io.BytesIO(); save(out, x_train=pixels, y_train=labels, x_test=pixels[:2], y_test=labels[:2]); file(f"{form}.npz", out.getvalue())
for packing, name in ((zipfile.ZIP_STORED, "stored"), (zipfile.ZIP_DEFLATED, "deflated")):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for i, key in enumerate(("a/1.png", "b/2.png", "b/é.jpg")): archive.writestr(key, PICTURES["jpg" if i == 2 else "png"])
    file(f"{name}.zip", out.getvalue())
for form, mode in (("pax", "w"), ("gnu", "w:gz")):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=tarfile.PAX_FORMAT if form == "pax" else tarfile.GNU_FORMAT) as archive:
        for name in ("a/1.png", "b/" + "é" * 120 + ".png"):
            info = tarfile.TarInfo(name); info.size = len(PICTURES["png"]); archive.addfile(info, io.BytesIO(PICTURES["png"]))
    file(f"{form}.tar" + (".gz" if mode == "w:gz" else ""), out.getvalue())
# Of files longer than what is read of each at first, so that an archive can end in the middle of one.
out = io.BytesIO()
with tarfile.open(fileobj=out, mode="w:gz") as archive:
    for name, array in (("x_train.npy", random.integers(0, 256, (3, 30, 30), "u1")), ("y_train.npy", labels[:3])):
        info = tarfile.TarInfo(name); info.size = len(npy(array)); archive.addfile(info, io.BytesIO(npy(array)))
file("arrays.tar.gz", out.getvalue())
for name, text in (("labels.csv", "path,label\n1.png,cat\n2.png,dog\n"), ("lines.jsonl", '{"file_name": "1.png", "label": 0}\n{"file_name": "2.png", "label": 1}\n')):
    file(f"table-{name}/{name}", text.encode())
    for i in (1, 2): file(f"table-{name}/{i}.png", PICTURES["png"])
header = b'{"train/images":{"dtype":"U8","shape":[6,5,4,1],"data_offsets":[24,144]},"train/labels":{"dtype":"I32","shape":[6],"data_offsets":[0,24]}}'
file("set.safetensors", struct.pack("<Q", len(header)) + header + labels.astype("<i4").tobytes() + pixels.tobytes())
try:
    import pyarrow as arrow, pyarrow.parquet as parquet
    table = arrow.table({"image": arrow.array([{"bytes": PICTURES["png"], "path": "x.png"}] * 3), "label": arrow.array([0, 1, 1])})
    for compression in ("snappy", "zstd"):
        out = io.BytesIO(); parquet.write_table(table, out, compression=compression); file(f"{compression}.parquet", out.getvalue())
except ImportError: pass
