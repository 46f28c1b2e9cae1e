"""Data sets as other programs write them, for the tests of the import: each case a file or folder below the first argument.

Needs numpy and Pillow. The pixels of CIFAR's form are i -> 7*i mod 251, those of the arrays 18n + 9h + 3w + c.
"""
import gzip, io, os, pathlib, pickle, shutil, struct, sys, tarfile, zipfile
import numpy as np
from PIL import Image

root = pathlib.Path(sys.argv[1])


def folder(*parts):
    path = root.joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


# --- CIFAR-10 in Python's form, as each dialect of pickle writes it.
ROWS = (np.arange(20 * 3072) % 3072 * 7 % 251).astype("u1").reshape(20, 3072)
NAMES = "airplane automobile bird cat deer dog frog horse ship truck".split()


def python2(batch):
    """Protocol 2 with 8-bit strings and numpy's old module, byte by byte as Python 2 writes it."""
    out = io.BytesIO()
    string = lambda s: (b"U" + bytes([len(s)]) + s) if len(s) < 256 else b"T" + struct.pack("<i", len(s)) + s
    data = batch[b"data"].tobytes()
    out.write(b"\x80\x02}q\x01(")
    out.write(string(b"batch_label") + string(b"testing batch 1 of 1"))
    out.write(string(b"data") + b"cnumpy.core.multiarray\n_reconstruct\nq\x02cnumpy\nndarray\nq\x03K\x00\x85q\x04" + string(b"b") + b"q\x05\x87Rq\x06")
    out.write(b"(K\x01M" + struct.pack("<H", batch[b"data"].shape[0]) + b"M" + struct.pack("<H", 3072) + b"\x86q\x07")
    out.write(b"cnumpy\ndtype\nq\x08" + string(b"u1") + b"K\x00K\x01\x87Rq\x09(K\x03" + string(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x0ab\x89")
    out.write(b"T" + struct.pack("<i", len(data)) + data + b"tq\x0bb")
    out.write(string(b"labels") + b"](" + b"".join(b"K" + bytes([l]) for l in batch[b"labels"]) + b"e")
    out.write(b"u.")
    return out.getvalue()


def python3(protocol, module=None):
    def write(batch):
        data = pickle.dumps(batch, protocol=protocol)
        return data if module is None else data.replace(b"numpy.core", module) if protocol < 4 else renamed(data, module)
    return write


def renamed(data, module):
    """Protocol 4 and later count a name's letters before it."""
    for old in (b"numpy.core.", b"numpy._core."):
        for name in (b"multiarray", b"numeric"):
            before, after = old + name, module + b"." + name
            data = data.replace(b"\x8c" + bytes([len(before)]) + before, b"\x8c" + bytes([len(after)]) + after)
    # Frames count bytes: without them a reader takes what comes.
    out, i = bytearray(), 0
    while True:
        at = data.find(b"\x95", i)
        if at != 2 or i: break
        out += data[:2]; i = 11
    return bytes(out) + data[i:] if i else data


def cifar_python(where, write):
    for name, start in [(f"data_batch_{i}", i) for i in range(1, 6)] + [("test_batch", 0)]:
        batch = {b"data": ROWS, b"labels": [(start + i) % 10 for i in range(20)]}
        (where / name).write_bytes(write(batch))
    (where / "batches.meta").write_bytes(pickle.dumps({"label_names": NAMES, "num_vis": 3072}, protocol=2))


DIALECTS = {"python2": python2, "protocol2": python3(2), "protocol4": python3(4), "protocol5": python3(5), "new-numpy": python3(4, b"numpy._core"), "old-numpy": python3(4, b"numpy.core")}
for name, write in DIALECTS.items():
    where = folder("cifar10-python", name, "cifar-10-batches-py")
    cifar_python(where, write)
    with tarfile.open(root / "cifar10-python" / f"{name}.tar.gz", "w:gz") as tar: tar.add(where, "cifar-10-batches-py")


class Calls:
    def __reduce__(self): return (os.system, ("touch " + str(root / "was-run"),))


where = folder("cifar10-python", "hostile")
cifar_python(where, python3(2))
(where / "data_batch_3").write_bytes(pickle.dumps({b"data": Calls(), b"labels": [0] * 20}, protocol=2))

# --- CIFAR-100, binary: coarse, fine, planes.
record = bytes([11, 19]) + ROWS[0].tobytes()
(folder("cifar100") / "train.bin").write_bytes(record * 3)
(folder("cifar100-rest") / "train.bin").write_bytes(record * 3 + b"12345")
(folder("cifar100-label") / "train.bin").write_bytes(record + bytes([11, 100]) + ROWS[0].tobytes())
(folder("cifar10-binary") / "data_batch_1.bin").write_bytes((bytes([7]) + ROWS[0].tobytes()) * 4)
(folder("cifar10-binary") / "test_batch.bin").write_bytes((bytes([2]) + ROWS[0].tobytes()) * 2)
(folder("cifar-either") / "images.bin").write_bytes(bytes(3073 * 3074))


# --- IDX.
def idx(array, kind=0x08):
    return bytes([0, 0, kind, array.ndim]) + b"".join(struct.pack(">I", n) for n in array.shape) + array.tobytes()


letter = np.zeros((28, 28), "u1"); letter[4:24, 6] = 255; letter[23, 6:20] = 200
letters = np.stack([letter.T] * 52); classes = np.array([1 + i % 26 for i in range(52)], "u1")
where = folder("emnist")
with gzip.open(where / "emnist-letters-train-images-idx3-ubyte.gz", "wb") as f: f.write(idx(letters))
with gzip.open(where / "emnist-letters-train-labels-idx1-ubyte.gz", "wb") as f: f.write(idx(classes))
(root / "emnist" / "letter.raw").write_bytes(letter.tobytes())
where = folder("qmnist")
table = np.zeros((10, 8), ">i4"); table[:, 0] = np.arange(10); table[:, 1:] = 77
(where / "qmnist-test-images-idx3-ubyte").write_bytes(idx(np.stack([letter] * 10)))
(where / "qmnist-test-labels-idx2-int").write_bytes(idx(table, 0x0C))
digits = np.random.default_rng(1).integers(0, 256, (60, 5, 4), "u1")
for name, count, cut in (("idx-counts", 59, 0), ("idx-cut", 60, 1), ("idx", 60, 0)):
    where = folder(name)
    for split in ("train", "t10k"):
        (where / f"{split}-images-idx3-ubyte").write_bytes(idx(digits)[: -cut or None])
        (where / f"{split}-labels-idx1-ubyte").write_bytes(idx((np.arange(count) % 3).astype("u1")))
digits.tofile(root / "idx.raw")
(folder("idx-float") / "images-idx3").write_bytes(idx(digits.astype(">f4"), 0x0D))
(folder("idx-float") / "labels-idx1").write_bytes(idx((np.arange(60) % 3).astype("u1")))

# --- Folders of images as they lie about.
picture = lambda value, size=(4, 4): Image.new("RGB", size, (value, value // 2, 255 - value))
where = folder("folders")
for name in ("1", "2", "10"):
    for i in range(3):
        picture(10 * int(name) + i).save(folder("folders", name) / (f"{i}.png" if (name, i) != ("2", 1) else "B.JPEG"), **({} if (name, i) != ("2", 1) else {"format": "PNG"}))
picture(200).save(folder("folders", "2", "deep") / "c.png")
folder("folders", "3")
picture(1).save(folder("folders", ".ipynb_checkpoints") / "0.png")
folder("folders", "__MACOSX")
(where / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
(where / "1" / "._a.png").write_bytes(b"\0\5\x16\7")
(where / "1" / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
(where / "1" / "notes.txt").write_text("not an image")
os.symlink("..", where / "2" / "above")

# --- Pictures that decoders get wrong; the value that is right beside each.
where, right = folder("pictures", "class"), {}
image = Image.new("P", (2, 1)); image.putpalette([17, 34, 51, 68, 85, 102]); image.putdata([0, 1]); image.save(where / "palette.png", transparency=bytes([0, 128]))
def alone(name): return folder("picture-" + name, "class")
shutil.move(where / "palette.png", alone("palette") / "a.png")
Image.fromarray(np.array([[0, 511, 65535]], "u2")).save(alone("deep") / "a.png")
flag = np.zeros((8, 16, 3), "u1"); flag[:, :8, 0] = 255; flag[:, 8:, 2] = 255
jpeg = Image.fromarray(flag); exif = jpeg.getexif(); exif[0x112] = 6; jpeg.save(alone("turned") / "a.jpg", exif=exif, quality=95)
Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(alone("cmyk") / "a.jpg", quality=95)
Image.fromarray(flag).save(alone("named") / "a.JPEG", format="PNG")
jpeg.save(alone("half") / "whole.jpg"); whole = (alone("half") / "whole.jpg").read_bytes(); (alone("half") / "half.jpg").write_bytes(whole[: len(whole) // 2])
Image.fromarray(flag).save(alone("gif") / "a.gif", save_all=True, append_images=[Image.new("RGB", (16, 8), (0, 255, 0))])
for name, extra in (("webp", {"lossless": True}), ("bmp", {}), ("png", {})): Image.fromarray(flag).save(alone(name) / f"a.{name}", **extra)
lying = bytearray((alone("png") / "a.png").read_bytes()); lying[16:20] = struct.pack(">I", 100_000); (alone("lying") / "a.png").write_bytes(lying)
picture(1, (4, 4)).save(folder("sizes", "a") / "1.png"); picture(1, (5, 4)).save(folder("sizes", "b") / "2.png")

# --- numpy's arrays.
values = np.arange(36).reshape(2, 2, 3, 3); labels = np.array([1, 0])
def npz(name, images=values.astype("u1"), y=labels, **more):
    np.savez(folder("arrays") / f"{name}.npz", x_train=images, y_train=y, **more)
npz("c"); npz("fortran", np.asfortranarray(values.astype("u1"))); npz("big-int", values.astype(">i4")); npz("big-float", values.astype(">f4"))
for version in ((1, 0), (2, 0), (3, 0)):
    where = folder("arrays", f"version{version[0]}")
    with open(where / "x_train.npy", "wb") as f: np.lib.format.write_array(f, values.astype("u1"), version=version)
    np.save(where / "y_train.npy", labels)
npz("first", values.astype("u1").transpose(0, 3, 1, 2)); npz("either", np.zeros((2, 3, 2, 3), "u1"))
npz("unit", np.full((2, 2, 3, 3), 0.5, "f4") * np.array([1, 2]).reshape(2, 1, 1, 1)); npz("byte", np.full((2, 2, 3, 3), 127.0, "f4"))
npz("column", y=labels.reshape(2, 1).astype("i8")); npz("hot", y=np.eye(2)[labels]); npz("negative", y=np.array([0, -1])); npz("objects", y=np.array([{}, 1], dtype=object))
np.savez(folder("arrays") / "keys.npz", train_images=values.astype("u1"), train_labels=labels, val_images=values.astype("u1")[:1], val_labels=labels[:1], test_images=values.astype("u1")[1:], test_labels=labels[1:])

# --- Archives.
png = io.BytesIO(); picture(9).save(png, "PNG"); png = png.getvalue()
where = folder("archives")


class Named(zipfile.ZipInfo):
    """An entry whose name is these bytes, without the flag of UTF-8."""
    def _encodeFilenameFlags(self): return self.raw, self.flag_bits & ~0x800


with zipfile.ZipFile(where / "names.zip", "w") as z:
    for i, name in enumerate((b"Gr\x81n/1.png", b"__MACOSX/Gr\x81n/._1.png", b"cat\\2.png", b"../x.png", b"cat/3.png")):
        info = Named(f"{i}"); info.raw = name; info.create_system = 0
        z.writestr(info, png)
with zipfile.ZipFile(where / "encrypted.zip", "w") as z: z.writestr("cat/1.png", png)
raw = bytearray((where / "encrypted.zip").read_bytes())
for magic, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)): raw[raw.index(magic) + at] |= 1
(where / "encrypted.zip").write_bytes(raw)
with zipfile.ZipFile(where / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    with z.open("cat/1.png", "w", force_zip64=True) as f:
        for _ in range(4096): f.write(bytes(2 ** 20))
for form, name in ((tarfile.PAX_FORMAT, "pax"), (tarfile.GNU_FORMAT, "gnu")):
    with tarfile.open(where / f"{name}.tar", "w", format=form) as tar:
        def add(path, **fields):
            info = tarfile.TarInfo(path); info.size = 0 if fields else len(png)
            for key, value in fields.items(): setattr(info, key, value)
            tar.addfile(info, None if fields else io.BytesIO(png))
        add("./cat/1.png"); add("dog/" + "d" * 146 + ".png")
        add("cat/link.png", type=tarfile.SYMTYPE, linkname="/etc/passwd"); add("cat/hard.png", type=tarfile.LNKTYPE, linkname="../../x")
(where / "cut.tar.gz").write_bytes((root / "cifar10-python" / "protocol4.tar.gz").read_bytes()[:-4000])

# --- What is said of a set.
where = folder("extremes")
Image.new("L", (4, 4), 0).save(folder("extremes", "dark") / "0.png"); Image.new("L", (4, 4), 255).save(folder("extremes", "light") / "1.png")

# --- Tables of paths and labels.
where = folder("table", "img")
for i in range(4): picture(20 * i).save(where / f"{i}.png")
(root / "table" / "labels.csv").write_text("filename,label,split\n" + "".join(f'img/{i}.png,"{"cat" if i % 2 else "dog, big"}",{"train" if i < 3 else "test"}\n' for i in range(4)))
where = folder("lines")
for i in range(2): picture(20 * i).save(where / f"{i}.png")
(where / "metadata.jsonl").write_text("".join('{"file_name": "%d.png", "label": %d}\n' % (i, i) for i in range(2)))
where = folder("table-outside")
(where / "labels.csv").write_text("path,label\n../../etc/passwd,1\n")

# --- Parquet as Hugging Face's hub writes it: shards by split, a struct of bytes and path, names of the classes as JSON in the metadata.
import json, lzma
import pyarrow, pyarrow.parquet


def shard(path, values, first, **how):
    features = {"img": {"_type": "Image"}, "label": {"names": ["airplane", "cat", "dog"], "_type": "ClassLabel"}}
    pictures = []
    for value in values:
        out = io.BytesIO(); picture(value).save(out, "PNG"); pictures.append({"bytes": out.getvalue(), "path": f"{value}.png"})
    table = pyarrow.table({"img": pictures, "label": pyarrow.array([(first + i) % 3 for i in range(len(pictures))], pyarrow.int64())})
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pyarrow.parquet.write_table(table, path, **how)


where = folder("hub", "data")
shard(where / "train-00000-of-00002.parquet", range(0, 7), 0, row_group_size=3)
shard(where / "train-00001-of-00002.parquet", range(7, 12), 1, compression="zstd")
shard(where / "test-00000-of-00001.parquet", range(12, 14), 2, compression="gzip", use_dictionary=False)
for split in ("train", "test"): shard(folder("hub-folders", split) / "0000.parquet", range(3), 0)
(root / "archives" / "packed.tar.xz").write_bytes(lzma.compress((root / "archives" / "pax.tar").read_bytes()))
nested = folder("archives")
with zipfile.ZipFile(nested / "nested.zip", "w", allowZip64=True) as z:
    for name in ("set/data/train/cat/1.png", "set/data/train/dog/1.png", "set/data/test/cat/1.png"):
        with z.open(name, "w", force_zip64=True) as f: f.write(png)
raw = bytearray((nested / "nested.zip").read_bytes()); raw[raw.index(png[40:60]) + 4] ^= 1; (nested / "flipped.zip").write_bytes(raw)
