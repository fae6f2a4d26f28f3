/** What we use of gifenc, which comes without types. */
declare module 'gifenc' {
  type Palette = (readonly [number, number, number])[];
  interface FrameOptions {
    readonly palette?: Palette;
    readonly repeat?: number;
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    /** Milliseconds. */
    readonly delay?: number;
    readonly dispose?: number;
  }
  export function GIFEncoder(): {
    writeFrame(points: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
  };
  export function quantize(rgba: Uint8Array, most: number): Palette;
  export function applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
}
