/** A lint rule: no file of src/ may import itself by way of others, imports of types included. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What each file of src/ imports of src/. Read once for a run of the linter. */
let imports;

function graph(root) {
  const files = readdirSync(root, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, name));
  const known = new Set(files);
  const importsOf = (file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\b(?:import|require)\()\s*'(\.[^']+)'/g)]
      .map(([, path]) => `${resolve(dirname(file), path)}.ts`)
      .filter((path) => known.has(path));
  return new Map(files.map((file) => [file, importsOf(file)]));
}

/** The shortest way from a file back to itself. */
function circleOf(file) {
  const before = new Map();
  const queue = [file];
  for (const at of queue) {
    for (const next of imports.get(at) ?? []) {
      if (next === file) {
        const circle = [at];
        while (circle[0] !== file) circle.unshift(before.get(circle[0]));
        return [...circle, file];
      }
      if (before.has(next)) continue;
      before.set(next, at);
      queue.push(next);
    }
  }
  return undefined;
}

export const noCircles = {
  rules: {
    'no-circles': {
      create: (context) => ({
        Program(node) {
          imports ??= graph(resolve('src'));
          const circle = circleOf(context.filename);
          if (circle === undefined) return;
          const names = circle.map((name) => name.slice(resolve('src').length + 1));
          context.report({ node, message: `A circle of files: ${names.join(' -> ')}.` });
        },
      }),
    },
  },
};
