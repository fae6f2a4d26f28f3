import assert from 'node:assert/strict';
import { join } from 'node:path';
import { generatePassword } from '../../../src/generate/password';
import { defaultOptions } from '../../../src/generate/options';
import { StrengthMeter } from '../../../src/generate/strengthMeter';

const program = join(__dirname, '..', '..', '..', 'src', 'generate', 'strengthWorker.js');

describe('The strength of a password', () => {
  let meter: StrengthMeter;

  beforeEach(() => (meter = new StrengthMeter(program)));
  afterEach(() => meter.dispose());

  it('is told from the common to the random', async () => {
    for (const [text, strength] of [
      ['password', 0],
      ['abacus', 0],
      ['abacus-zoom', 2],
      ['qwertyuiop', 0],
      [generatePassword({ ...defaultOptions.passwords, length: 20 }), 4],
      ['é'.repeat(200), 1],
    ] as const) {
      assert.equal(await meter.measure(text), strength, text);
    }
  });

  it('is told of the last one alone', async () => {
    const first = meter.measure('password');
    assert.equal(await meter.measure(generatePassword(defaultOptions.passwords)), 4);
    assert.equal(await first, undefined);
  });

  it('is not told once the meter has ended, and not where its program is missing', async () => {
    const asked = meter.measure('password');
    meter.dispose();
    assert.equal(await asked, undefined);
    const broken = new StrengthMeter(join(__dirname, 'none.js'));
    assert.equal(await broken.measure('password'), undefined);
    // Of a path that is not absolute no thread is even begun.
    assert.equal(await new StrengthMeter('none.js').measure('password'), undefined);
  });
});
