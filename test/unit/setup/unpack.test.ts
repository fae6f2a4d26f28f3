import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout } from '../../support/checkout';

describe('a package that no lock file knows of', () => {
  const checkout = new Checkout();
  const parcel = join(checkout.folder, 'parcel');

  before(() => {
    checkout.write('parcel/package.json', '{ "name": "parcel", "version": "1.0.0" }');
    checkout.write('parcel/bin/tool', 'as it was');
    checkout.write(
      'unpack.mjs',
      `import { unpack } from './test/support/setup/unpack.mjs';
      await unpack(${JSON.stringify(parcel)}, 'package/bin', process.cwd());`,
    );
  });

  after(() => {
    checkout.remove();
  });

  async function unpackIfItIs(hash: string) {
    checkout.write('test/support/setup/integrity.json', JSON.stringify({ [parcel]: hash }));
    return checkout.node(['unpack.mjs']);
  }

  it('is unpacked if it is what it was, and refused otherwise', async () => {
    const refused = await unpackIfItIs('sha512-of-something-else');
    assert.equal(refused.code, 1);
    const found = /is not what it was: (sha512-\S+) instead of sha512-of-something-else/.exec(refused.stderr)?.[1];
    assert.equal(existsSync(join(checkout.folder, 'package')), false);
    const content = readFileSync(join(checkout.folder, 'parcel-1.0.0.tgz'));
    assert.equal(found, `sha512-${createHash('sha512').update(content).digest('base64')}`);

    const { code, stderr } = await unpackIfItIs(found);
    assert.equal(code, 0, stderr);
    assert.equal(readFileSync(join(checkout.folder, 'package', 'bin', 'tool'), 'utf8'), 'as it was');
  });
});
