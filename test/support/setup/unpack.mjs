import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { npm, run, say } from './shell.mjs';

/**
 * Fetches a package that no lock file of ours knows of, and unpacks one folder of it (`package/…`). Its content has to
 * be what the hash in integrity.json was made of.
 */
export async function unpack(spec, folder, to) {
  const [{ filename }] = JSON.parse(await npm(['pack', spec, '--json', '--pack-destination', to], { cwd: to }));
  const archive = join(to, filename);
  await verify(spec, archive);
  await run('tar', ['-xzf', filename, folder], { cwd: to });
  await rm(archive);
}

async function verify(spec, archive) {
  const known = JSON.parse(await readFile(new URL('./integrity.json', import.meta.url), 'utf8'));
  const found = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  if (!(spec in known)) say(`nothing to check ${spec} by: it is not in test/support/setup/integrity.json`);
  else if (found !== known[spec]) throw new Error(`${spec} is not what it was: ${found} instead of ${known[spec]}`);
}
