import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Checkout } from '../../support/checkout';

/** Outside VS Code, which it knows nothing of. */
describe('the runner of suites inside the extension host', () => {
  const checkout = new Checkout();

  after(() => {
    checkout.remove();
  });

  async function run(suite: string) {
    checkout.write('suites/one.suite.js', suite);
    const runner = join(__dirname, '..', '..', 'editor', 'host', 'mochaSuite.js');
    const script = `require(${JSON.stringify(runner)}).run().then(() => process.exit(0), () => process.exit(1))`;
    const { code } = await checkout.node(['-e', script], {
      SUITE_FOLDER: join(checkout.folder, 'suites'),
      SUITE_REPORTER: join(process.cwd(), 'test', 'support', 'setup', 'reporter.cjs'),
      SUITE_RESULTS: join(checkout.folder, 'results.json'),
    });
    return code;
  }

  it('lets no test be left out', async () => {
    const works = "it('works', () => {});";
    assert.equal(await run(works), 0);
    assert.equal(await run(`${works} it.skip('is left out', () => {});`), 1);
    assert.equal(await run(`${works} it('leaves itself out', function () { this.skip(); });`), 1);
    assert.equal(await run(`${works} it.only('is alone', () => {});`), 1);
  });
});
