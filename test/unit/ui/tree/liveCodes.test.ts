import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Field } from '../../../../src/vault/fields';
import { contentRef } from '../../../../src/vault/fields';
import { LiveCodes } from '../../../../src/ui/tree/liveCodes';
import type { FieldNode, ItemNode, VaultNode } from '../../../../src/ui/tree/nodes';
import { listedItem } from '../../../support/listedItem';
import { ManualClock } from '../../../support/manualClock';

const PERIOD = 30_000;

function fieldOf(name: string): Field {
  return {
    ...{ ref: contentRef(name), customName: '', masked: true, state: 'there', opens: false },
    ...{ match: undefined, isBoolean: false, linkedTo: undefined },
  };
}

/** A tree of one item in a group, drawn as VS Code draws it: a row that is drawn again is asked for its text. */
function scene({ reprompt = false } = {}) {
  const clock = new ManualClock();
  clock.advance(PERIOD - (clock.now() % PERIOD));
  const item: ItemNode = { kind: 'item', path: 'types/logins/one', item: listedItem({ reprompt }) };
  const rows = ['password', 'totp'].map((name): FieldNode => ({
    kind: 'field',
    path: `${item.path}/${name}`,
    item: item.item,
    field: fieldOf(name),
  }));
  const [, row] = rows;
  const at = { mayShow: true, reads: 0, drawn: [] as string[], text: undefined as string | undefined };
  const codes = new LiveCodes({
    clock,
    read: () => {
      at.reads++;
      const number = Math.floor(clock.now() / PERIOD) % 1000;
      const [text, next] = [number, number + 1].map((each) => String(each).padStart(6, '0'));
      return Promise.resolve({
        text: text!,
        next: next!,
        period: 30,
        validUntil: (Math.floor(clock.now() / PERIOD) + 1) * PERIOD,
      });
    },
    redraw: (node: VaultNode) => {
      at.drawn.push(node.path);
      void draw();
    },
    mayShow: () => at.mayShow,
  });
  const draw = async () => {
    at.text = await codes.textOf(row!);
  };
  const open = async () => {
    codes.asked(item, rows);
    await draw();
  };
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds);
    await setImmediate();
  };
  return { clock, codes, item, row: row!, at, open, pass };
}

describe('Live codes in the tree', () => {
  it('are shown where VS Code has asked for the row, and in no other row', async () => {
    const { codes, row, at, open } = scene();
    assert.equal(await codes.textOf(row), undefined);
    await open();
    assert.match(at.text!, /^\d{3} \d{3}$/);
    assert.equal(await codes.textOf({ ...row, path: 'types/logins/one/password' }), undefined);
  });

  it('change at their time, with the next one beside them for the last five seconds; only that row is drawn', async () => {
    const { row, at, open, pass } = scene();
    await open();
    const first = at.text!;
    await pass(24_999);
    assert.deepEqual([at.text, at.drawn], [first, []]);
    await pass(1);
    const [, next] = /^\d{3} \d{3} · next (\d{3} \d{3})$/.exec(at.text!) ?? assert.fail(at.text);
    await pass(5_000);
    assert.equal(at.text, next);
    assert.deepEqual(at.drawn, [row.path, row.path]);
    assert.equal(at.reads, 3);
  });

  it('go when a row above is collapsed, whichever, and no timer runs on', async () => {
    for (const path of ['types', 'types/logins', 'types/logins/one']) {
      const { clock, codes, item, at, open, pass } = scene();
      await open();
      codes.collapsed({ ...item, path });
      await pass(0);
      assert.equal(at.text, undefined, path);
      const { reads } = at;
      await pass(600_000);
      assert.equal(at.reads, reads);
      assert.equal(clock.isIdle, true);
    }
  });

  it('come back with the rows that VS Code asks for when it is expanded again', async () => {
    const { codes, item, at, open, pass } = scene();
    await open();
    codes.collapsed(item);
    await pass(0);
    at.drawn = [];
    codes.expanded(item);
    assert.deepEqual(at.drawn, [item.path]);
    await pass(0);
    assert.equal(at.text, undefined, 'VS Code has not asked');
    await open();
    assert.ok(at.text);
    at.drawn = [];
    codes.expanded(item);
    assert.deepEqual(at.drawn, [], 'nothing to ask for again');
  });

  it('go while they may not be seen, and come back', async () => {
    const { clock, codes, at, open, pass } = scene();
    await open();
    at.mayShow = false;
    codes.update();
    await pass(0);
    assert.equal(at.text, undefined);
    assert.equal(clock.isIdle, true);
    at.mayShow = true;
    codes.update();
    await pass(0);
    assert.ok(at.text);
  });

  it('go at a lock, also one that was being read', async () => {
    const { clock, codes, row, at, open } = scene();
    await open();
    const late = codes.textOf(row);
    codes.forget();
    assert.equal(await late, undefined);
    assert.equal(clock.isIdle, true);
    const { reads } = at;
    assert.equal(await codes.textOf(row), undefined);
    assert.equal(at.reads, reads);
  });

  it('are not even read of an item that asks for the master password', async () => {
    const { at, open } = scene({ reprompt: true });
    await open();
    assert.deepEqual([at.text, at.reads], [undefined, 0]);
  });
});
