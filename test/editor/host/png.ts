import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Four bytes for each point: red, green, blue, opacity. */
  readonly rgba: Uint8Array;
}

/** Reads the PNG files that Chromium writes: eight bits a channel, not interlaced, with or without opacity (RFC 2083). */
export function decodePng(png: Buffer): Picture {
  let [width, height, channels] = [0, 0, 0];
  const data: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 8, at + 8 + length);
    switch (png.toString('latin1', at + 4, at + 8)) {
      case 'IHDR':
        [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
        channels = { 2: 3, 6: 4 }[body[9] ?? 0] ?? 0;
        if (body[8] !== 8 || channels === 0 || body[12] !== 0)
          throw new Error('another kind of PNG than Chromium writes');
        break;
      case 'IDAT':
        data.push(body);
    }
    at += length + 12;
  }
  const lines = unfiltered(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  return { width, height, rgba: channels === 4 ? lines : withOpacity(lines) };
}

/** Undoes what each line says that was done to it: the difference to the left, to the line above, and so on. */
function unfiltered(raw: Buffer, stride: number, height: number, channels: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : out[at - channels]!;
      const above = y === 0 ? 0 : out[at - stride]!;
      const aboveLeft = y === 0 || x < channels ? 0 : out[at - stride - channels]!;
      out[at] = raw[at + y + 1]! + predicted(filter, left, above, aboveLeft);
    }
  }
  return out;
}

function predicted(filter: number, left: number, above: number, aboveLeft: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4: {
      const guess = left + above - aboveLeft;
      const [l, a, d] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - aboveLeft)];
      return l <= a && l <= d ? left : a <= d ? above : aboveLeft;
    }
    default:
      return 0;
  }
}

function withOpacity(rgb: Uint8Array): Uint8Array {
  const out = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let point = 0; point < rgb.length / 3; point++) out.set(rgb.subarray(point * 3, point * 3 + 3), point * 4);
  return out;
}
