import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { hasCode } from '../platform/fileErrors';

/** Bytes of the path of a socket: 103 on macOS, 107 on Linux. */
const LONGEST_PATH = 103;

export interface Place {
  /** Of the socket, or pipe. */
  readonly address: string;
  /** The folder in which the folder of the socket is; undefined on Windows. */
  readonly base: string | undefined;
}

/**
 * Where a socket may be by the environment of this process: in the runtime folder of the user, which ends with the session,
 * else in the temporary one.
 */
export function ownBases(): readonly string[] {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  return [...(runtime === undefined ? [] : [runtime]), tmpdir()];
}

/**
 * The place at which the keeper of a global-storage folder listens: a socket in a folder of ours, or a named pipe on
 * Windows.
 *
 * @param options.make whether the folder is made where it is missing.
 * @param options.from the folders in which it may be, the best one first.
 * @returns undefined when there is no folder that is this user's alone, or its path is too long.
 */
export async function keeperPlace(
  storage: string,
  { make, from, platform = process.platform }: { make: boolean; from: readonly string[]; platform?: NodeJS.Platform },
): Promise<Place | undefined> {
  const name = `vaultside-${shortHash([storage, platform === 'win32' ? userInfo().username : String(process.getuid?.())])}`;
  if (platform === 'win32') return { address: `\\\\.\\pipe\\${name}`, base: undefined };
  for (const base of from.filter(isAbsolute)) {
    const folder = join(base, name);
    const address = join(folder, 's');
    if (Buffer.byteLength(address) > LONGEST_PATH) continue;
    if (make ? await makeOursAlone(folder) : await isOursAlone(folder)) return { address, base };
  }
  return undefined;
}

/**
 * Makes the folder unless it is there.
 *
 * @returns as isOursAlone
 */
export async function makeOursAlone(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) return false;
  }
  return isOursAlone(folder);
}

/** Whether it is a folder, no link, of this user, that nobody else can open. */
async function isOursAlone(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

/**
 * What is at the path of the socket: `free`, `socket` of this user, or something else, which is not to be touched. On
 * Windows nothing can be looked at: there the proof alone tells.
 */
export async function lookAt(address: string): Promise<'free' | 'socket' | 'foreign'> {
  if (process.platform === 'win32') return 'socket';
  try {
    const found = await lstat(address);
    return found.isSocket() && found.uid === process.getuid?.() ? 'socket' : 'foreign';
  } catch (error) {
    return hasCode(error, 'ENOENT') ? 'free' : 'foreign';
  }
}

function shortHash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
