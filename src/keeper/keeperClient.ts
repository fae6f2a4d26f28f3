import type { Socket } from 'node:net';
import type { KeeperAnswer, KeeperTrouble, KeyKeeper } from '../base/keyKeeper';
import type { SecretBytes } from '../base/secretBytes';
import { Channel } from './channel';
import { connectTo } from './connect';
import { frame, FrameReader } from './frames';
import { WindowHandshake } from './handshake';
import { SocketLink } from './keeperLink';
import { keeperPlace, lookAt, ownBases, type Place } from './place';
import { startKeeper } from './startKeeper';

/** The keeper does nothing that takes time: one that takes longer is hung. */
const PATIENCE_MS = 1_000;
/** A keeper that ends at the very moment, or of an older version: the next one is started. */
const ATTEMPTS = 3;

type Outcome = KeeperAnswer | { readonly kind: 'madeRoom' };
const refused = (why: KeeperTrouble) => ({ kind: 'refused', why }) as const;

/** A window's way to the keeper: finds it, starts it, and proves itself. */
export class KeeperClient implements KeyKeeper {
  constructor(
    private readonly parts: {
      /** The file of the program. */
      readonly program: string;
      /** The global-storage folder, each of which has a keeper. */
      readonly storage: string;
      /** See keeperPlace; by default those of this process. */
      readonly from?: readonly string[];
      readonly version?: number;
    },
  ) {}

  async connect(
    secret: SecretBytes,
    { start, base }: { readonly start: boolean; readonly base?: string | undefined },
  ): Promise<KeeperAnswer> {
    try {
      const { storage, program, from = ownBases() } = this.parts;
      const known = base === undefined ? undefined : await keeperPlace(storage, { make: false, from: [base] });
      if (known !== undefined) {
        const there = await this.#reach(known, secret, start);
        if (there.kind === 'linked' || there.kind === 'refused') return there;
      }
      const place = await keeperPlace(storage, { make: start, from });
      if (place === undefined) return start ? refused('folder') : { kind: 'none' };
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const last = await this.#reach(place, secret, start);
        if (last.kind === 'linked' || last.kind === 'refused') return last;
        if (!start) return { kind: 'none' };
        if (!(await startKeeper(program, place.address, secret))) return refused('notStarted');
      }
      return refused('notStarted');
    } catch {
      return refused('notStarted');
    }
  }

  async #reach({ address, base }: Place, secret: SecretBytes, replaceOlder: boolean): Promise<Outcome> {
    const found = await lookAt(address);
    if (found === 'free') return { kind: 'none' };
    if (found === 'foreign') return refused('stranger');
    const socket = await connectTo(address, PATIENCE_MS);
    if (socket === 'none') return { kind: 'none' };
    if (socket === 'busy') return refused('noAnswer');
    return this.#greet(socket, base, secret, replaceOlder);
  }

  #greet(socket: Socket, base: string | undefined, secret: SecretBytes, replaceOlder: boolean): Promise<Outcome> {
    return new Promise((resolve) => {
      const handshake = new WindowHandshake(secret, this.parts.version);
      const reader = new FrameReader();
      let link: SocketLink | undefined;
      const end = (outcome: Outcome) => {
        clearTimeout(timer);
        if (outcome.kind !== 'linked') socket.destroy();
        resolve(outcome);
      };
      const timer = setTimeout(() => end(refused('noAnswer')), PATIENCE_MS);
      // One that was just ending has closed it, and another one can be started.
      socket.once('close', () => end(replaceOlder ? { kind: 'madeRoom' } : refused('noAnswer')));
      const receive = (content: Uint8Array) => {
        if (link !== undefined) {
          link.receive(content);
          return;
        }
        const { send, keys } = handshake.answer(content);
        if (send !== undefined && keys !== undefined) {
          socket.write(frame(send));
          const channel = new Channel(socket, { send: keys.windowToKeeper, receive: keys.keeperToWindow });
          link = new SocketLink(socket, channel, base);
          end({ kind: 'linked', link });
        } else if (send !== undefined && replaceOlder) {
          clearTimeout(timer);
          // It has ended once it closes.
          socket.removeAllListeners('close');
          socket.once('close', () => resolve({ kind: 'madeRoom' }));
          setTimeout(() => end(refused('otherVersion')), PATIENCE_MS).unref();
          socket.end(frame(send));
        } else {
          end(refused('otherVersion'));
        }
      };
      socket.on('data', (chunk: Buffer) => {
        try {
          for (const content of reader.push(chunk)) if (!socket.destroyed) receive(content);
        } catch {
          // Once it has proved itself, the link tells that it is closed.
          socket.destroy();
          end(refused('stranger'));
        }
      });
      socket.write(frame(handshake.greeting));
    });
  }
}
