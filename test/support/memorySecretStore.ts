import { Emitter } from '../../src/base/event';
import type { SecretStore } from '../../src/base/ports';
import type { Steps } from './steps';

type RecordKind = 'apiKey' | 'accessToken' | 'pin';

/**
 * The time until a write reaches the main process, and the time from there to all windows. In the editor each is 100
 * ms.
 */
const DELAY_MS = 5;

/**
 * The secret storage of a machine, which outlives windows. As in desktop VS Code, each window has a copy. A write shows
 * in its own window at once. It goes to the main process after a while, which begins anew with every write, and from
 * there to all windows after another while (vscode: base/parts/storage/common/storage.ts `DEFAULT_FLUSH_DELAY`,
 * platform/storage/electron-main/storageIpc.ts `STORAGE_CHANGE_DEBOUNCE_TIME`).
 */
export class MemorySecretStore {
  /** What the main process has. */
  readonly #main = new Map<string, string>();
  readonly #windows = new Set<WindowSecrets>();
  #deliveries = 0;
  /** False: the keychain is locked, or broken. */
  readable = true;
  /** True: when a window crashes, its writes that have not reached the main process are lost. */
  losesLastWrites = false;
  #holdsWrites = false;
  /**
   * True: works as in VS Code in a browser. There a page reads all secrets once, tells no other page of its writes, and
   * stores with each write all that it has (vscode: code/browser/workbench/workbench.ts
   * `LocalStorageSecretStorageProvider`).
   */
  inBrowser = false;
  /** Runs before a write takes effect, or a deletion (undefined); throwing refuses it. */
  beforeWrite: (key: string, value: string | undefined) => void | Promise<void> = () => undefined;

  /** The secret storage as one window sees it. Each write is a step at which the window may crash. */
  view(steps: Steps): SecretStore {
    this.settle();
    const window = new WindowSecrets(
      this.#main,
      () => this.#holdsWrites,
      (keys) => this.#tell(keys),
    );
    this.#windows.add(window);
    steps.onDeath(() => {
      if (!this.losesLastWrites) window.send();
      window.end();
      this.#windows.delete(window);
    });
    const write = async (label: string, key: string, value: string | undefined) => {
      await steps.reach(`${label} ${key.replace(/\..*/, '')}`);
      await this.beforeWrite(key, value);
      if (this.inBrowser) this.#storeAll(window, key, value);
      else window.write(key, value);
    };
    return {
      tellsWindows: !this.inBrowser,
      get: (key) => (this.readable ? steps.alive(window.copy.get(key)) : Promise.reject(new Error('not readable'))),
      keys: () => steps.alive([...window.copy.keys()]),
      set: (key, value) => write('set', key, value),
      delete: (key) => write('delete', key, undefined),
      onDidChange: (listener) => window.changed.event((key) => (steps.crashed ? undefined : listener(key))),
    };
  }

  /** True: writes reach the main process only when somebody looks at what is stored, or when it becomes false again. */
  set holdsWrites(holds: boolean) {
    this.#holdsWrites = holds;
    if (!holds) this.settle();
  }

  /** What is stored, after all writes of the windows have reached the main process. */
  get entries(): Map<string, string> {
    this.settle();
    return this.#main;
  }

  /** The only record of this kind, parsed. */
  record(kind: RecordKind): Record<string, unknown> | undefined {
    const entry = [...this.entries].find(([key]) => key.startsWith(`${kind}.`));
    return entry && (JSON.parse(entry[1]) as Record<string, unknown>);
  }

  /** The random id under which the one account is stored. */
  get accountId(): string | undefined {
    const key = [...this.entries.keys()].find((each) => each.startsWith('apiKey.'));
    return key?.slice('apiKey.'.length);
  }

  /** Replaces the records of this kind, as another program or a fault might. */
  corrupt(kind: RecordKind, text: string): void {
    for (const key of this.entries.keys()) {
      if (!key.startsWith(`${kind}.`)) continue;
      this.#main.set(key, text);
      for (const window of this.#windows) window.take(key, text);
    }
  }

  /** Tells all windows of what a test has put into `entries` under this key. */
  announce(key: string): void {
    this.#tell([key]);
  }

  /** Has all writes reach the main process. */
  settle(): void {
    for (const window of this.#windows) window.send();
  }

  /** False while something is on its way from one window to the others. */
  get isQuiet(): boolean {
    return this.#deliveries === 0 && [...this.#windows].every((window) => window.hasSentAll);
  }

  #storeAll(window: WindowSecrets, key: string, value: string | undefined): void {
    window.take(key, value);
    this.#main.clear();
    for (const [each, stored] of window.copy) this.#main.set(each, stored);
  }

  #tell(keys: readonly string[]): void {
    this.#deliveries++;
    setTimeout(() => {
      this.#deliveries--;
      for (const window of this.#windows) for (const key of keys) window.take(key, this.#main.get(key));
    }, DELAY_MS);
  }
}

class WindowSecrets {
  readonly copy: Map<string, string>;
  readonly changed = new Emitter<string>();
  readonly #unsent = new Map<string, string | undefined>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly main: Map<string, string>,
    private readonly waits: () => boolean,
    private readonly onSent: (keys: readonly string[]) => void,
  ) {
    this.copy = new Map(main);
  }

  get hasSentAll(): boolean {
    return this.#unsent.size === 0;
  }

  write(key: string, value: string | undefined): void {
    this.#unsent.set(key, value);
    this.take(key, value);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.waits()) this.send();
    }, DELAY_MS);
  }

  /** From the main process, or from this window itself. */
  take(key: string, value: string | undefined): void {
    if (this.copy.get(key) === value) return;
    put(this.copy, key, value);
    setImmediate(() => this.changed.fire(key));
  }

  send(): void {
    if (this.#unsent.size === 0) return;
    for (const [key, value] of this.#unsent) put(this.main, key, value);
    const keys = [...this.#unsent.keys()];
    this.#unsent.clear();
    this.onSent(keys);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#unsent.clear();
  }
}

function put(map: Map<string, string>, key: string, value: string | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
