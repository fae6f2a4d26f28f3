import { VaultCache } from '../../src/account/storage/cache';
import { formatHeader, formatLine, type VaultHeader } from '../../src/account/storage/vaultLines';
import type { Scene } from './window';
import { Steps } from './steps';

async function read(at: Scene) {
  const cached = await new VaultCache(at.files.view(new Steps())).read(at.accountId);
  if (cached === undefined) throw new Error('no vault is cached');
  return cached;
}

/** Whoever can write the file of the cached vault writes another header into it, with a checksum that fits. */
export async function changeHeader(at: Scene, change: (header: VaultHeader) => object): Promise<void> {
  const { header, elements } = await read(at);
  const lines = Array.from(elements, ([key, json]) => formatLine({ key, json }));
  const changed = { ...header, base: undefined, ...change(header) };
  at.vaultFile.content = Buffer.concat([...lines, formatHeader(changed)]);
}

/** Damages the file of the cached vault beyond use: the account itself is spoiled. */
export function damage(at: Scene): void {
  const content = Buffer.from(at.vaultFile.content);
  const profile = content.indexOf(' profile ');
  if (profile < 0) throw new Error('the file has no profile');
  content[profile + 1] = 'P'.charCodeAt(0);
  at.vaultFile.content = content;
}

/** The file as version 0.1 has it. */
export async function asVaultOfVersion01(at: Scene, header: object): Promise<Uint8Array> {
  const cached = await read(at);
  const answer: Record<string, unknown> = {};
  for (const [key, json] of cached.elements) {
    const [name = '', id] = key.split('/');
    const value: unknown = JSON.parse(Buffer.from(json).toString());
    if (id === undefined) answer[name] = value;
    else answer[name] = [...((answer[name] as unknown[] | undefined) ?? []), value];
  }
  return Buffer.from(`${JSON.stringify({ ...cached.header, ...header })}\n${JSON.stringify(answer)}`);
}
