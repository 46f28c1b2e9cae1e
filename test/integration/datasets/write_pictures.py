"""Pictures in their many forms, each in a folder of its own below the first argument, with the pixels that Pillow sees beside it as NAME.npy."""
import io, pathlib, struct, sys, zlib
import numpy as np
from PIL import Image, ImageOps

r = pathlib.Path(sys.argv[1])


def d(*p):
    q=r.joinpath(*p); q.mkdir(parents=True, exist_ok=True); return q
rng=np.random.default_rng(0)
smooth=np.kron(rng.integers(0,256,(4,6,3)),np.ones((4,4,1))).astype('u1') # 16x24
im=Image.fromarray(smooth)
g=im.convert('L')
exp={}
def save(name, image, expected, **k):
    f=d(name.split('.')[0],'a')/name; image.save(f, **k); exp[name]=np.asarray(expected)
save('p1.png', g.convert('1'), g.convert('1').convert('L'))
for bits in (1,2,4):
    q=im.quantize(2**bits); save(f'pal{bits}.png', q, q.convert('RGB'), bits=bits)
def raw(name, w,h,depth,colour,rows,expected,interlace=0):
    def ch(t,c): return struct.pack('>I',len(c))+t+c+struct.pack('>I',zlib.crc32(t+c))
    b=b'\x89PNG\r\n\x1a\n'+ch(b'IHDR',struct.pack('>IIBBBBB',w,h,depth,colour,0,0,interlace))+ch(b'IDAT',zlib.compress(b''.join(b'\0'+x for x in rows)))+ch(b'IEND',b'')
    f=d(name.split('.')[0],'a')/name; f.write_bytes(b); exp[name]=np.asarray(expected,'u1')
raw('grey2.png',4,1,2,0,[bytes([0b00011011])],[[0,85,170,255]])
raw('grey4.png',2,1,4,0,[bytes([0x3a])],[[0x33,0xaa]])
v=np.array([[[0,511,65535],[257,514,32768]]],'>u2'); raw('rgb16.png',2,1,16,2,[v[0].tobytes()],np.rint(v.astype(float)/257))
la=Image.merge('LA',(g,g.point(lambda x:255-x))); save('la.png', la, g)
rgba=im.copy(); rgba.putalpha(g); save('rgba.png', rgba, im)
# adam7 by hand: one pixel pass 1 only for 1x1
raw('adam.png',1,1,8,2,[bytes([9,8,7])],[[[9,8,7]]],1)
save('prog.jpg', im, Image.open(io.BytesIO((lambda o:(im.save(o,'JPEG',quality=90,progressive=True),o.getvalue())[1])(io.BytesIO()))).convert('RGB'), quality=90, progressive=True)
save('s420.jpg', im, Image.open(io.BytesIO((lambda o:(im.save(o,'JPEG',quality=90,subsampling=2),o.getvalue())[1])(io.BytesIO()))).convert('RGB'), quality=90, subsampling=2)
save('ll.webp', im, im, lossless=True)
save('lossy.webp', im, Image.open(io.BytesIO((lambda o:(im.save(o,'WEBP',quality=80),o.getvalue())[1])(io.BytesIO()))).convert('RGB'), quality=80)
save('anim.webp', im, im, save_all=True, append_images=[im.transpose(0)], lossless=True)
rg=im.copy(); rg.putalpha(g); save('alpha.webp', rg, im, lossless=True, exact=True)
save('rgb.bmp', im, im)
save('grey.bmp', g, g)
save('pal.bmp', im.quantize(16), im.quantize(16).convert('RGB'))
# top-down bmp
b=bytearray((d('rgb','a')/'rgb.bmp').read_bytes()); h=struct.unpack_from('<i',b,22)[0]; struct.pack_into('<i',b,22,-h)
rows=[b[54+i*72:54+(i+1)*72] for i in range(16)][::-1]; (d('top','a')/'top.bmp').write_bytes(bytes(b[:54])+b''.join(map(bytes,rows))); exp['top.bmp']=smooth
save('inter.gif', im.quantize(64), im.quantize(64).convert('RGB'), interlace=1)
for o in range(1,9):
    e=Image.Exif(); e[0x112]=o
    ex=ImageOps.exif_transpose((lambda x:(x.getexif().__setitem__(0x112,o),x)[1])(im.copy()))
    save(f'o{o}.png', im, ex, exif=e)
cm=im.convert('CMYK'); save('cmyk.jpg', cm, Image.open(io.BytesIO((lambda q:(cm.save(q,'JPEG',quality=95),q.getvalue())[1])(io.BytesIO()))).convert('RGB'), quality=95)
save('pal8.gif', im.quantize(256), im.quantize(256).convert('RGB'))
for n,a in exp.items():
    np.save(r/f'{n}.npy', a if a.ndim==3 else a[:,:,None])
