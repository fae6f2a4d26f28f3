import assert from 'node:assert/strict';
import { rowsOf } from '../../../src/ui/prompts/valueRows';

describe('The rows of a value that is shown', () => {
  for (const [value, lines] of [
    ['hunter2', ['hunter2']],
    ['', ['']],
    ['a\nb\r\nc\rd\u2028e\u2029f\u0085g', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
    ['\n\na\n', ['', '', 'a', '']],
    ['  a\t b ', ['  a\t b ']],
  ] as const) {
    it(`are its lines: ${JSON.stringify(value)}`, () => {
      const { rows, left } = rowsOf(value);
      assert.deepEqual(
        rows.map(({ text }) => text),
        lines,
      );
      assert.equal(left, 0);
    });
  }

  it('are more for a long line, which cut no character in two and lose none', () => {
    const line = `${'x'.repeat(59)}${'😀'.repeat(100)}`;
    const { rows } = rowsOf(`${line}\nnext`);
    assert.deepEqual(
      rows.map(({ goesOn }) => goesOn),
      [true, true, false, false],
    );
    const texts = rows.map(({ text }) => text);
    assert.equal(texts.slice(0, 3).join(''), line);
    assert.ok(texts.every((text) => text.isWellFormed() && Array.from(text).length <= 60));
  });

  it('are bounded, and say how many lines are left out', () => {
    const { rows, left } = rowsOf('line\n'.repeat(100_000));
    assert.equal(rows.length + left, 100_001);
    assert.ok(rows.length <= 1_000);
    const oneLine = rowsOf('x'.repeat(60_000_000));
    assert.ok(oneLine.rows.length <= 1_000);
    assert.equal(oneLine.left, 1);
  });
});
