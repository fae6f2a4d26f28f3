/**
 * `npm run icons`: writes media/icons.ttf, a font with the icons that VS Code does not have. The glyphs are polygons on the
 * 16 by 16 grid of codicons, from the lower left corner; outlines run clockwise, holes the other way round.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const box = (left, bottom, right, top) => [
  [left, bottom],
  [left, top],
  [right, top],
  [right, bottom],
];

const roof = [
  [1, 10],
  [1, 11.3],
  [8, 14.8],
  [15, 11.3],
  [15, 10],
];
const underRoof = [
  [2.64, 11],
  [13.36, 11],
  [8, 13.68],
];
const columns = [3, 7.5, 12].map((left) => box(left, 2, left + 1, 10));
const base = box(1, 1, 15, 2);

/** The code of each icon, as package.json and the page of an item have it. */
const glyphs = new Map([[0xe001, [roof, underRoof, ...columns, base]]]);

const PER_PIXEL = 100;
const EM = 16 * PER_PIXEL;

/** Big-endian numbers: positive is the count of bits, negative that of a signed number. */
function packed(...parts) {
  return Buffer.concat(
    parts.map(([bits, ...values]) => {
      const size = Math.abs(bits) / 8;
      const bytes = Buffer.alloc(size * values.length);
      values.forEach((value, index) =>
        bits < 0 ? bytes.writeIntBE(value, index * size, size) : bytes.writeUIntBE(value, index * size, size),
      );
      return bytes;
    }),
  );
}

function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

function checksum(bytes) {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

/** A simple glyph: straight lines alone, with each coordinate in two bytes. */
function glyph(contours) {
  const points = contours.flat().map(([x, y]) => [Math.round(x * PER_PIXEL), Math.round(y * PER_PIXEL)]);
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const steps = (values) => values.map((value, index) => value - (values[index - 1] ?? 0));
  let count = 0;
  const ends = contours.map((contour) => (count += contour.length) - 1);
  return padded(
    packed(
      [-16, contours.length, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
      [16, ...ends, 0],
      [8, ...points.map(() => 1)],
      [-16, ...steps(xs), ...steps(ys)],
    ),
  );
}

function characterMap(codes) {
  const segments = [...codes.map((code, index) => [code, code, index + 1 - code]), [0xffff, 0xffff, 1]];
  const power = 2 ** Math.floor(Math.log2(segments.length));
  const table = packed(
    [16, 4, 16 + 8 * segments.length, 0],
    [16, 2 * segments.length, 2 * power, Math.log2(power), 2 * (segments.length - power)],
    [16, ...segments.map(([, end]) => end), 0, ...segments.map(([start]) => start)],
    [16, ...segments.map(([, , delta]) => delta & 0xffff), ...segments.map(() => 0)],
  );
  return Buffer.concat([packed([16, 0, 1, 3, 1], [32, 12]), table]);
}

export function iconFont() {
  const codes = [...glyphs.keys()];
  const outlines = [...glyphs.values()].map(glyph);
  const all = [Buffer.alloc(0), ...outlines];
  let end = 0;
  const offsets = [0, ...all.map((outline) => (end += outline.length))];
  const contours = [...glyphs.values()];
  const family = Buffer.from('vaultside', 'utf16le').swap16();
  const tables = {
    'OS/2': packed(
      [16, 4],
      [-16, EM],
      [16, 400, 5, 0],
      [-16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [8, ...Array(10).fill(0)],
      [32, 0, 0, 0, 0],
      [8, 0x56, 0x4c, 0x54, 0x53],
      [16, 64, codes[0], codes.at(-1)],
      [-16, EM, 0, 0],
      [16, EM, 0],
      [32, 0, 0],
      [-16, 0, 0],
      [16, 0, 32, 0],
    ),
    cmap: characterMap(codes),
    glyf: Buffer.concat(all),
    head: packed(
      [32, 0x00010000, 0x00010000, 0, 0x5f0f3cf5],
      [16, 0x000b, EM],
      [32, 0, 0, 0, 0],
      [-16, 0, 0, EM, EM],
      [16, 0, 8],
      [-16, 2, 1, 0],
    ),
    hhea: packed(
      [32, 0x00010000],
      [-16, EM, 0, 0],
      [16, EM],
      [-16, 0, 0, EM, 1, 0, 0, 0, 0, 0, 0, 0],
      [16, all.length],
    ),
    hmtx: packed(...all.map(() => [16, EM, 0])),
    loca: packed([32, ...offsets]),
    maxp: packed(
      [32, 0x00010000],
      [16, all.length, Math.max(...contours.map((each) => each.flat().length))],
      [16, Math.max(...contours.map((each) => each.length)), 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0],
    ),
    name: Buffer.concat([packed([16, 0, 1, 18, 3, 1, 0x409, 1, family.length, 0]), family]),
    post: packed([32, 0x00030000, 0], [-16, 0, 0], [32, 1, 0, 0, 0, 0]),
  };
  const names = Object.keys(tables);
  const power = 2 ** Math.floor(Math.log2(names.length));
  let at = 12 + 16 * names.length;
  const directory = names.map((name) => {
    const bytes = tables[name];
    const entry = Buffer.concat([Buffer.from(name), packed([32, checksum(padded(bytes)), at, bytes.length])]);
    at += padded(bytes).length;
    return entry;
  });
  const font = Buffer.concat([
    packed([32, 0x00010000], [16, names.length, 16 * power, Math.log2(power), 16 * (names.length - power)]),
    ...directory,
    ...names.map((name) => padded(tables[name])),
  ]);
  const head = font.indexOf(padded(tables.head));
  font.writeUInt32BE((0xb1b0afba - checksum(font)) >>> 0, head + 8);
  return font;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync('media/icons.ttf', iconFont());
