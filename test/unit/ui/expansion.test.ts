import assert from 'node:assert/strict';
import { Expansion } from '../../../src/ui/tree/expansion';

const id = (number: number) => `${String(number).padStart(43, 'A')}=`;

/** Keeps what is stored as JSON, as VS Code does. */
class Memento {
  stored = 'null';

  get<T>(_key: string, fallback?: T): T | undefined {
    return (JSON.parse(this.stored) as T | null) ?? fallback;
  }

  update(_key: string, value: unknown): Promise<void> {
    this.stored = JSON.stringify(value ?? null);
    return Promise.resolve();
  }
}

describe('What is open in the tree', () => {
  it('is as it was after a reload, and by default where nothing was chosen', async () => {
    const memento = new Memento();
    const before = new Expansion(memento);
    await before.choose(id(1), true);
    await before.choose(id(2), true);
    await before.choose(id(2), false);
    const after = new Expansion(memento);
    for (const expansion of [before, after]) {
      assert.equal(expansion.isExpanded(id(1), false), true);
      assert.equal(expansion.isExpanded(id(2), true), false);
      assert.equal(expansion.isExpanded(id(3), true), true);
      assert.equal(expansion.isExpanded(id(3), false), false);
    }
  });

  it('is forgotten on sign-out', async () => {
    const memento = new Memento();
    const expansion = new Expansion(memento);
    await expansion.choose(id(1), true);
    await expansion.forget();
    assert.equal(expansion.isExpanded(id(1), false), false);
    assert.equal(memento.stored, 'null');
  });

  it('is remembered of the last five hundred rows', async () => {
    const memento = new Memento();
    const expansion = new Expansion(memento);
    for (let number = 0; number <= 500; number++) await expansion.choose(id(number), true);
    const after = new Expansion(memento);
    assert.equal(after.isExpanded(id(0), false), false);
    assert.equal(after.isExpanded(id(1), false), true);
    assert.equal(after.isExpanded(id(500), false), true);
  });

  it('takes nothing that is no such list', () => {
    for (const stored of ['7', '"x"', '{}', '[7]', '[["x",true]]', `[["${id(1)}","true"]]`, `[["${id(1)}"]]`]) {
      const memento = new Memento();
      memento.stored = stored;
      assert.equal(new Expansion(memento).isExpanded(id(1), false), false, stored);
    }
  });
});
