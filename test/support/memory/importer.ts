/** A process that imports private keys, wipes what they came as, and searches its own memory for them. */
import { copySecret, type SecretBytes, wipe } from '../../../src/base/secretBytes';
import { VerifyingKey } from '../../../src/bitwarden/crypto/cose/verifyingKey';
import { importPrivateKey } from '../../../src/bitwarden/crypto/rsa';
import { mask } from './masked';
import { searchOwnMemory } from './ownMemory';

/** A key in DER or COSE, and the numbers in it that are secret. All under the mask, as base64. */
export interface ToImport {
  readonly kind: 'rsa' | 'ed25519';
  readonly key: string;
  readonly numbers: readonly string[];
}

/** The kinds of the keys of which something was found. */
export interface FoundKeys {
  readonly afterImports: readonly string[];
  /** While the first key is not wiped. */
  readonly planted: readonly string[];
}

const imports = { rsa: importPrivateKey, ed25519: (cose: SecretBytes) => VerifyingKey.ofSigningKey(cose) };

function unmasked(base64: string) {
  const bytes = copySecret(Buffer.from(base64, 'base64'));
  mask(bytes);
  return bytes;
}

/** As a program in use does: has memory of many sizes, with gaps between. */
function litter(round: number): Buffer[] {
  const all = Array.from({ length: 400 }, (_, at) =>
    Buffer.allocUnsafeSlow(16 + ((at * 7919 + round * 131) % 500) * 9),
  );
  return all.filter((_, at) => at % 3 !== 0);
}

process.once('message', (keys: readonly ToImport[]) => {
  const needles = keys.flatMap(({ kind, numbers }) =>
    numbers.map((number) => ({ name: kind, masked: Buffer.from(number, 'base64') })),
  );
  const found = () => [...new Set(searchOwnMemory(needles))];
  const inUse: unknown[] = [];
  for (const [round, { kind, key }] of keys.entries()) {
    inUse.push(litter(round));
    globalThis.gc?.();
    const bytes = unmasked(key);
    inUse.push(imports[kind](bytes));
    wipe(bytes);
  }
  // What a verifying key was taken from is garbage.
  globalThis.gc?.();
  const afterImports = found();
  const planted = unmasked(keys[0]?.key ?? '');
  process.send?.({ afterImports, planted: found() } satisfies FoundKeys);
  wipe(planted);
  process.disconnect();
});
