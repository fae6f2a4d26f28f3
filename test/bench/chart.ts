export interface Line {
  readonly title: string;
  /** Both positive. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
}

const PANEL = { width: 430, height: 330, left: 62, right: 30, top: 74, bottom: 44 };
const HEIGHT = 470;
const LEGEND_STEP = 18;

/** Told apart also by who sees few colours, on a light and on a dark ground. */
const COLOURS = ['#0a7ccc', '#d1495b', '#2e9e5b', '#b9770e', '#8458c9'];

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: 600 }
  .ground { fill: #ffffff }
  .grid { stroke: #d0d7de }
  .even { stroke: #8c959f; stroke-dasharray: 4 4 }
  .line { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #d1d7e0 }
    .ground { fill: #0d1117 }
    .grid { stroke: #30363d }
    .even { stroke: #6e7681 }
  }`;

/**
 * Panels side by side, both axes logarithmic: what grows in step with x is parallel to the dashed lines.
 *
 * @returns an SVG on a ground of its own, light or dark as the reader's system is.
 */
export function logLogChart(title: string, panels: readonly Panel[]): string {
  const width = PANEL.width * panels.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<rect class="ground" width="${width}" height="${HEIGHT}" rx="8"/>
${text(16, 26, title, 'title')}
${panels.map((panel, at) => `<g transform="translate(${at * PANEL.width} 0)">\n${drawn(panel)}\n</g>`).join('\n')}
</svg>
`;
}

function drawn({ title, unit, lines }: Panel): string {
  const xs = decades(lines.flatMap(({ points }) => points.map(({ x }) => x)));
  const ys = decades(lines.flatMap(({ points }) => points.map(({ y }) => y)));
  const { width, height, left, right, top, bottom } = PANEL;
  const [west, east, north, south] = [left, width - right, top, height - bottom];
  const atX = scale(xs, west, east);
  const atY = scale(ys, south, north);
  const parts = [text(left, 56, `${title}, ${unit}`)];
  for (const x of xs) {
    parts.push(rule('grid', atX(x), north, atX(x), south), text(atX(x), south + 18, short(x), undefined, 'middle'));
  }
  for (const y of ys) {
    parts.push(rule('grid', west, atY(y), east, atY(y)), text(west - 6, atY(y) + 4, short(y), undefined, 'end'));
  }
  parts.push(text((west + east) / 2, south + 36, 'items', undefined, 'middle'));
  const [firstX = 1, lastX = 1] = [xs[0], xs.at(-1)];
  const span = lastX / firstX;
  for (const y of ys) {
    if (y * span <= (ys.at(-1) ?? 0)) parts.push(rule('even', west, atY(y), east, atY(y * span)));
  }
  for (const [at, line] of lines.entries()) {
    const colour = COLOURS[at % COLOURS.length] ?? '';
    const points = line.points.map(({ x, y }) => `${round(atX(x))},${round(atY(y))}`);
    parts.push(`<polyline class="line" stroke="${colour}" points="${points.join(' ')}"/>`);
    for (const { x, y } of line.points) {
      parts.push(`<circle cx="${round(atX(x))}" cy="${round(atY(y))}" r="3" fill="${colour}"/>`);
    }
    const legendY = height + 14 + at * LEGEND_STEP;
    parts.push(`<rect x="${left}" y="${legendY}" width="14" height="4" rx="2" fill="${colour}"/>`);
    const last = line.points.at(-1);
    parts.push(
      text(left + 22, legendY + 6, last ? `${line.title} (${short(last.y)} ${unit} at ${short(last.x)})` : ''),
    );
  }
  return parts.join('\n');
}

/** The powers of ten from the one at or below the least to the one at or above the greatest. */
function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: last - first + 1 }, (_, at) => 10 ** (first + at));
}

function scale(marks: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.log10(marks[0] ?? 1), Math.log10(marks.at(-1) ?? 10)];
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

function rule(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${name}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

function text(x: number, y: number, words: string, name?: string, anchor = 'start'): string {
  const ofClass = name === undefined ? '' : ` class="${name}"`;
  return `<text${ofClass} x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function round(value: number): string {
  return value.toFixed(1);
}

function short(value: number): string {
  const digits = value >= 100 ? 0 : 2;
  return Number(value.toFixed(digits)).toLocaleString('en');
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
