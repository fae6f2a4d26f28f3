import { closeSync, readSync, writeSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { allocateSecret, partOfSecret, type SecretBytes } from '../base/secretBytes';
import type { Clock } from '../base/ports';
import { KeeperServer } from './keeperServer';
import { SECRET_LENGTH } from './handshake';

/**
 * The program that holds user keys for all windows. Its one argument is the address at which it listens, its standard
 * input the secret by which it and the windows know each other. It says one byte when it listens, and nothing ever after.
 */

const [STDIN, STDOUT] = [0, 1];

const clock: Clock = {
  now: () => Date.now(),
  uptime: () => performance.now(),
  setTimeout(callback, milliseconds) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Undefined when it is cut off. */
function readSecret(): SecretBytes | undefined {
  const secret = allocateSecret(SECRET_LENGTH);
  for (let at = 0; at < SECRET_LENGTH;) {
    const read = readSync(STDIN, partOfSecret(secret, at));
    if (read === 0) return undefined;
    at += read;
  }
  return secret;
}

async function run(): Promise<void> {
  // Node would open its debugger to whoever sends this signal, and with it the memory of this process.
  process.on('SIGUSR1', () => undefined);
  process.umask(0o077);
  const [, , address] = process.argv;
  const secret = readSecret();
  if (secret === undefined || address === undefined || inspectorUrl() !== undefined) process.exit(1);
  const server = new KeeperServer({ address, secret, clock, onEnd: () => process.exit(0) });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => server.end());
  if (!(await server.listen())) process.exit(1);
  // Whoever has started it may be gone.
  process.stdout.on('error', () => undefined);
  writeSync(STDOUT, '.');
  closeSync(STDOUT);
}

// Nothing is said of what went wrong: there is nobody to read it. Keys end with the process.
process.on('uncaughtException', () => process.exit(1));
void run().catch(() => process.exit(1));
