import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { Picture } from './png';
import type { Shown } from './screencast';

/** The last colour of the palette stands for "as in the picture before". */
const SAME = 255;

/** An animation of these pictures, which ends where it began and goes on. All have the size of the first one. */
export function encodeGif(shown: readonly Shown[]): Uint8Array {
  const gif = GIFEncoder();
  const palette = quantize(sampleOf(shown.map(({ picture }) => picture)), SAME);
  while (palette.length <= SAME) palette.push([0, 0, 0]);
  const colours = palette.slice(0, SAME);
  let before: Uint8Array | undefined;
  let waiting = 0;
  for (const [index, { picture, milliseconds }] of shown.entries()) {
    const points = applyPalette(picture.rgba, colours);
    waiting += milliseconds;
    const next = shown[index + 1]?.picture;
    if (next !== undefined && next.width !== picture.width) throw new Error('the pictures differ in size');
    const changed = before === undefined ? points : changesOf(points, before);
    gif.writeFrame(changed, picture.width, picture.height, {
      ...(before === undefined ? { palette, repeat: 0 } : { transparent: true, transparentIndex: SAME }),
      delay: waiting,
      dispose: 1,
    });
    waiting = 0;
    before = points;
  }
  gif.finish();
  return gif.bytes();
}

function changesOf(points: Uint8Array, before: Uint8Array): Uint8Array {
  return points.map((colour, at) => (colour === before[at] ? SAME : colour));
}

/** One palette for all pictures, so that a point that does not change keeps its colour: from every twentieth point of some. */
function sampleOf(pictures: readonly Picture[]): Uint8Array {
  const some = pictures.filter((_, index) => index % Math.ceil(pictures.length / 12) === 0);
  const points = some.flatMap(({ rgba }) => {
    const taken: number[] = [];
    for (let at = 0; at < rgba.length; at += 4 * 19) taken.push(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!, 255);
    return taken;
  });
  return Uint8Array.from(points);
}
