import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../host/installed';

const source = process.env.EXTENSION_DIR ?? projectRoot;

/** A copy of the extension whose secret storage can be made to fail. */
export class SecretTrouble {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vaultside-trouble-'));
  readonly #file = join(this.#folder, 'trouble');

  constructor() {
    for (const name of ['dist', 'l10n', 'media', 'package.nls.json']) {
      cpSync(join(source, name), join(this.#folder, name), { recursive: true });
    }
    cpSync(join(__dirname, 'entry.js'), join(this.#folder, 'dist', 'entry.js'));
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as object;
    writeFileSync(join(this.#folder, 'package.json'), JSON.stringify({ ...manifest, main: './dist/entry.js' }));
  }

  /** Options for opening VS Code with this copy. */
  get setup() {
    return { extensionDir: this.#folder, env: { SECRET_TROUBLE: this.#file } };
  }

  begin(): void {
    writeFileSync(this.#file, '');
  }

  end(): void {
    rmSync(this.#file, { force: true });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
