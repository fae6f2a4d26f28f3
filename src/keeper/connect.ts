import { Socket } from 'node:net';
import { hasCode } from '../platform/fileErrors';

/**
 * Connects to a socket or pipe.
 *
 * @returns `none` where nobody listens: there is no socket, or it is left over from a process that has ended; `busy`
 * where that cannot be told in time.
 */
export function connectTo(address: string, timeoutMs: number): Promise<Socket | 'none' | 'busy'> {
  return new Promise((resolve) => {
    // Not by `connect` of the module: VS Code has replaced that by one that first reads the certificates of the system.
    const socket = new Socket();
    const end = (outcome: Socket | 'none' | 'busy') => {
      clearTimeout(timer);
      socket.removeAllListeners();
      // From here on whoever has it listens; an error without a listener would end the process.
      socket.on('error', () => undefined);
      if (outcome !== socket) socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end('busy'), timeoutMs);
    socket.once('connect', () => end(socket));
    socket.once('error', (error) => end(hasCode(error, 'ENOENT', 'ECONNREFUSED') ? 'none' : 'busy'));
    socket.connect(address);
  });
}
