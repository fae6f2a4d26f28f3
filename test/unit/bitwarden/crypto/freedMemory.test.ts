import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Found } from '../../../support/memory/opener';

/** /proc/self/mem is Linux's. */
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('What a cipher has decrypted', function () {
  this.timeout(60_000);

  onLinux('is gone from memory once it is wiped, whatever was freed just before', async () => {
    const opener = fork(join(__dirname, '../../../support/memory/opener.js'), { execArgv: ['--expose-gc'] });
    const [found] = (await once(opener, 'message')) as [Found];
    assert.deepEqual(found.planted, ['AES-CBC of 32 bytes'], 'what is there is found');
    assert.deepEqual(found.afterWiping, []);
  });
});
