/** A process of its own that opens a vault with bombs in it: what its memory grows to shows from outside. */
import { TimeSlices } from '../../../src/base/timeSlices';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { EncryptedVault, keyOfCipher } from '../../../src/vault/encryptedVault';
import { Keyring } from '../../../src/vault/keyring';
import { OpenVault } from '../../../src/vault/openVault';
import { generateKey, keyOf } from '../../support/keys';
import { peakMiB } from '../../support/peakMemory';

export interface Outcome {
  readonly peakMiB: number;
  /** By the name of the bomb: the name that its item lists with, if any. */
  readonly listed: Readonly<Record<string, string | undefined>>;
  /** What the item says that has no bomb in it. */
  readonly other: { readonly name: string | undefined; readonly password: string };
}

/** As many as fit into an item. */
const MANY = 3_000_000;
const crowd = (head: string, byte: number): Buffer =>
  Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(MANY, byte)]);

const EMPTY_MAP = 0xa0;
const NULL = 0xf6;
const count = MANY.toString(16).padStart(8, '0');
const ofMaps = crowd(`9a${count}`, EMPTY_MAP);
const pairs = (MANY / 2).toString(16).padStart(8, '0');
const type7 = (cbor: Buffer): string => `7.${cbor.toString('base64')}`;
/** Protected header, unprotected header and ciphertext: one of them is the bomb. */
const frame = (...parts: readonly Buffer[]): string => type7(Buffer.concat([Buffer.of(0x83), ...parts]));
const empty = Buffer.of(0x40);
const header = Buffer.from('43a10103', 'hex');
const noIv = Buffer.of(EMPTY_MAP);

/** Encrypted strings of 4 MiB, which is what an item may be. */
const bombs: Readonly<Record<string, string>> = {
  'maps in place of a message': type7(ofMaps),
  'a message of maps alone': frame(ofMaps),
  'a header of maps': frame(Buffer.concat([Buffer.from('5a002dc6c5', 'hex'), ofMaps]), noIv, empty),
  'pairs in the header that nobody authenticates': frame(header, crowd(`ba${pairs}`, NULL), empty),
  'maps in the header that nobody authenticates': frame(header, Buffer.from('a105', 'hex'), ofMaps, empty),
  separators: `2.${'|'.repeat(MANY)}`,
};

function item(id: string, name: string, login: object): [string, Buffer] {
  return [keyOfCipher(id), Buffer.from(JSON.stringify({ id, type: 1, name, login }))];
}

async function open(): Promise<Outcome> {
  const userKey = generateKey();
  const names = Object.keys(bombs);
  const elements = new Map([
    ['profile', Buffer.from('{"id":"u1","email":"a@b.c"}')],
    ...Object.values(bombs).map((bomb, at) => item(`bomb-${at}`, bomb, {})),
    item('other', sealText('readable', userKey), { password: sealText('not-a-real-password', userKey) }),
  ]);
  const encrypted = await EncryptedVault.of(elements, 'host');
  const vault = await OpenVault.open(encrypted, new Keyring(keyOf(userKey.bytes)), { slices: new TimeSlices() });
  for (const { id } of vault.items) vault.fields(id);
  return {
    peakMiB: peakMiB(),
    listed: Object.fromEntries(names.map((name, at) => [name, vault.item(`bomb-${at}`)?.name])),
    other: {
      name: vault.item('other')?.name,
      password: vault.read('other', { kind: 'content', name: 'password' }),
    },
  };
}

if (require.main === module) void open().then((outcome) => process.send?.(outcome));
