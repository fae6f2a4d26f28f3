import type { Clock, Disposable } from '../../base/ports';
import { isContent } from '../../vault/fields';
import type { ShownCode } from '../../vault/read';
import { codeWords, nextChange } from '../shownCodes';
import type { FieldNode, VaultNode } from './nodes';

interface Parts {
  readonly clock: Clock;
  /** Undefined where the row has no code that may be shown without being asked for. */
  readonly read: (row: FieldNode) => Promise<ShownCode | undefined>;
  /** Has a row drawn again, with all that is below it. */
  readonly redraw: (row: VaultNode) => void;
  /** Whether codes may be on the screen at all now. */
  readonly mayShow: () => boolean;
}

/**
 * The rows of one-time codes that are seen, each of which shows the code of the moment. A row counts as seen while all
 * rows above it are expanded; VS Code does not tell which are scrolled out of sight. When a code is about to expire, and
 * when it has, that row alone is drawn again. No timer runs while none is seen.
 */
export class LiveCodes {
  /** The rows of codes that are seen if any may be, by their paths. */
  readonly #rows = new Map<string, FieldNode>();
  /** The paths of rows that have been collapsed, with rows of codes below them. */
  readonly #collapsed = new Set<string>();
  /** Of the rows that show a code, by their paths: when they have to be drawn again. */
  readonly #due = new Map<string, number>();
  #timer: Disposable | undefined;

  constructor(private readonly parts: Parts) {}

  /** VS Code has asked for the rows below this one, as it does where that is expanded. */
  asked(above: VaultNode, rows: readonly VaultNode[]): void {
    this.#collapsed.delete(above.path);
    for (const row of rows) {
      if (row.kind !== 'field' || !isContent(row.field.ref, 'totp')) continue;
      if (row.field.state === 'there' && !row.item.reprompt) this.#rows.set(row.path, row);
    }
  }

  collapsed({ path }: VaultNode): void {
    const below = [...this.#rows.values()].filter((row) => row.path.startsWith(`${path}/`));
    if (below.length === 0) return;
    this.#collapsed.add(path);
    for (const row of below) {
      this.#rows.delete(row.path);
      this.#due.delete(row.path);
      this.parts.redraw(row);
    }
    this.#schedule();
  }

  /** VS Code has kept the rows below, and does not tell which of these are expanded: it is made to ask for them again. */
  expanded(node: VaultNode): void {
    if (this.#collapsed.delete(node.path)) this.parts.redraw(node);
  }

  /** What a row shows. Undefined for all rows that show no code now. */
  async textOf({ path }: VaultNode): Promise<string | undefined> {
    const row = this.#rows.get(path);
    if (row === undefined || !this.parts.mayShow()) return undefined;
    const code = await this.parts.read(row);
    // It may be out of sight by now, or forgotten.
    if (code === undefined || row !== this.#rows.get(path) || !this.parts.mayShow()) return undefined;
    const now = this.parts.clock.now();
    this.#due.set(path, nextChange(code, now));
    this.#schedule();
    return codeWords(code, now);
  }

  /** To be called when codes may be on the screen from now on, or may not any more. */
  update(): void {
    const mayShow = this.parts.mayShow();
    for (const row of this.#rows.values()) {
      if (mayShow === this.#due.has(row.path)) continue;
      this.#due.delete(row.path);
      this.parts.redraw(row);
    }
    this.#schedule();
  }

  /** All rows go; VS Code asks for those that there are from now on. */
  forget(): void {
    this.#rows.clear();
    this.#collapsed.clear();
    this.#due.clear();
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#due.size === 0) return;
    const wait = Math.min(...this.#due.values()) - this.parts.clock.now();
    this.#timer = this.parts.clock.setTimeout(() => this.#tick(), Math.max(wait, 0));
  }

  #tick(): void {
    const now = this.parts.clock.now();
    for (const [path, at] of [...this.#due]) {
      if (at > now) continue;
      this.#due.delete(path);
      const row = this.#rows.get(path);
      if (row !== undefined) this.parts.redraw(row);
    }
    this.#schedule();
  }
}
