import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { generateEd25519 } from '../../../support/sign';
import type { FoundKeys, ToImport } from '../../../support/memory/importer';
import { masked } from '../../../support/memory/masked';
import type { Found } from '../../../support/memory/opener';

/** /proc/self/mem is Linux's. */
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('What a cipher has decrypted', function () {
  this.timeout(60_000);

  onLinux('is gone from memory once it is wiped, whatever was freed just before', async () => {
    const opener = fork(join(__dirname, '../../../support/memory/opener.js'), { execArgv: ['--expose-gc'] });
    const [found] = (await once(opener, 'message')) as [Found];
    assert.deepEqual(found.afterWiping, []);
    assert.ok(found.planted.includes('AES-CBC of 32 bytes'), 'what is there is found');
  });
});

describe('What a private key came as', function () {
  this.timeout(60_000);

  function rsaKey(): ToImport {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { d, p, q, dp, dq, qi } = privateKey.export({ format: 'jwk' });
    const numbers = [d, p, q, dp, dq, qi].map((number) => masked(Buffer.from(number ?? '', 'base64url')));
    return { kind: 'rsa', key: masked(privateKey.export({ format: 'der', type: 'pkcs8' })), numbers };
  }

  function ed25519Key(): ToImport {
    const { cose, seed } = generateEd25519();
    return { kind: 'ed25519', key: masked(cose), numbers: [masked(seed)] };
  }

  onLinux('is gone from memory once it is wiped, also what OpenSSL has freed of it', async () => {
    const keys = Array.from({ length: 4 }, () => [rsaKey(), ed25519Key()]).flat();
    const importer = fork(join(__dirname, '../../../support/memory/importer.js'), { execArgv: ['--expose-gc'] });
    importer.send(keys);
    const [found] = (await once(importer, 'message')) as [FoundKeys];
    assert.deepEqual(found.afterImports, []);
    assert.ok(found.planted.includes('rsa'), 'what is there is found');
  });
});
