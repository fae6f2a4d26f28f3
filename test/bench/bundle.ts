import { statSync } from 'node:fs';
import { join } from 'node:path';
import { judged } from './measure';

const AIM_BYTES = 500_000;

const { size } = statSync(join(process.cwd(), 'dist', 'extension.js'));
console.log(
  `\nThe bundle, one file: ${Math.round(size / 1000)} kB (aim: ${AIM_BYTES / 1000} kB, ${judged(size < AIM_BYTES)})`,
);
