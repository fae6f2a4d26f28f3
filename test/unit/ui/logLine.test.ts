import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FetchError } from 'node-fetch';
import { HttpError } from '../../../src/bitwarden/errors';
import { logLine } from '../../../src/ui/errors/logLine';
import { redact } from '../../../src/ui/redact';
import { classNameOf } from '../../../src/base/thrown';

/** As a minifier leaves it, and as node-fetch names its errors. */
class e extends TypeError {
  override get name() {
    return this.constructor.name;
  }
}

describe('The log', () => {
  for (const [error, name] of [
    [new HttpError(500, 'host', 'x'), 'HttpError'],
    [new e('x'), 'TypeError'],
    [new FetchError('x', 'system', { code: 'ECONNRESET' }), 'Error'],
    [new RangeError('x'), 'RangeError'],
    [AbortSignal.abort().reason, 'AbortError'],
    [new AggregateError([], 'x'), 'AggregateError'],
    ['text', 'string'],
    [undefined, 'undefined'],
  ] as const) {
    it(`names ${name} by what was written down`, () => {
      assert.equal(classNameOf(error), name);
      if (error instanceof Error) assert.ok(logLine(error).startsWith(name), logLine(error));
    });
  }

  it('can name every class of ours: each has its name in words', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    for (const file of files) {
      const text = readFileSync(join('src', file), 'utf8');
      for (const [, name, rest] of text.matchAll(/class (\w+) extends \w*Error \{\s*([^\n]*)/g)) {
        assert.equal(rest, `override readonly name = '${name}';`, file);
      }
    }
  });

  for (const path of [
    '/home/robin/.vscode/extensions/vaultside.vaultside-0.1.0/dist/extension.js:2:51423',
    '/home/robin/.vscode/extensions/vaultside.vaultside-1.2.3/dist/Subfolder9/extension.js:2:51423',
    'C:\\Users\\robin\\.vscode\\extensions\\vaultside.vaultside-0.1.0\\dist\\extension.js:2:51423',
    '/opt/node_modules/@scope/package/dist/index.js:1:2',
    'file:///home/robin/work@home/node_modules/@scope/pkg.js:1:2',
  ]) {
    it(`shows where an error comes from: ${path}`, () => {
      const error = new Error('secret words');
      error.stack = `Error: secret words\n    at t.run (${path})`;
      assert.ok(redact(logLine(error)).includes(path), redact(logLine(error)));
    });
  }
});
