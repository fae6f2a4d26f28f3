import { spawn } from 'node:child_process';
import { parse } from 'node:path';
import { asBuffer, copySecret, type SecretBytes, wipe } from '../base/secretBytes';

/** Until it listens: a busy machine takes seconds to start a process. */
const START_MS = 10_000;

/**
 * Starts the program of the keeper, detached from this process. The secret goes by its standard input, nothing else that is
 * secret to it, and nothing of this process's environment but what Windows needs.
 *
 * @param secret stays the caller's to wipe.
 * @returns whether it was started and did not end with an error of the system. That it has ended since, because another one
 * was there before, is no error: look at the address.
 */
export function startKeeper(program: string, address: string, secret: SecretBytes): Promise<boolean> {
  const { SystemRoot } = process.env;
  const env = { ELECTRON_RUN_AS_NODE: '1', ...(SystemRoot !== undefined && { SystemRoot }) };
  // The shell has the system write no image of its memory, should it crash: Node cannot ask for that.
  const [command, args] =
    process.platform === 'win32'
      ? [process.execPath, [program, address]]
      : ['/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath, program, address]];
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...{ env, detached: true, windowsHide: true, cwd: parse(process.execPath).root },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const end = (started: boolean) => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stdin.destroy();
      child.unref();
      resolve(started);
    };
    const timer = setTimeout(() => end(false), START_MS);
    child.on('error', () => end(false));
    child.stdin.on('error', () => undefined);
    child.stdout.on('error', () => undefined);
    // One byte when it listens; none when it has ended.
    child.stdout.once('data', () => end(true));
    child.stdout.once('end', () => end(true));
    const sent = copySecret(secret);
    child.stdin.end(asBuffer(sent), () => wipe(sent));
  });
}
