import { lstat, rm, rmdir } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Clock } from '../base/ports';
import type { SecretBytes } from '../base/secretBytes';
import { hasCode } from '../platform/fileErrors';
import { FolderFiles } from '../platform/folderFiles';
import { Channel } from './channel';
import { connectTo } from './connect';
import { frame, FrameReader, WireError } from './frames';
import { KeeperHandshake } from './handshake';
import { Keeper, type Peer } from './keeper';
import { lookAt, makeOursAlone } from './place';

const isWindows = process.platform === 'win32';

/** A window proves itself at once; a stranger may not stay. */
const HANDSHAKE_MS = 2_000;
/** Of connections that have proved nothing; one more takes the place of the oldest. */
const MOST_STRANGERS = 16;
const MOST_WINDOWS = 256;
const LINGER_MS = isWindows ? 0 : 60_000;
/** How long messages may take to leave before the process ends. */
const LAST_WORDS_MS = 300;
const LOOK_MS = 5_000;

/** Listens for windows, and lets those that prove themselves reach the keeper. */
export class KeeperServer {
  readonly #keeper: Keeper;
  readonly #server: Server = createServer((socket) => this.#welcome(socket));
  /** The oldest first. */
  readonly #strangers = new Set<Socket>();
  readonly #windows = new Set<Socket>();
  readonly #looking: NodeJS.Timeout;
  /** Which file the socket is: another one may have taken its place. */
  #inode: bigint | undefined;

  /**
   * @param parts.secret stays the caller's to wipe.
   * @param parts.onEnd called once, when the keys are wiped and the address is free.
   */
  constructor(
    private readonly parts: {
      readonly address: string;
      readonly secret: SecretBytes;
      readonly clock: Clock;
      readonly version?: number;
      readonly lingerMs?: number;
      readonly onEnd: () => void;
    },
  ) {
    const { clock, lingerMs = LINGER_MS } = parts;
    this.#keeper = new Keeper({ clock, lingerMs, onEnd: () => void this.#close() });
    this.#looking = setInterval(() => void this.#look(), LOOK_MS);
  }

  /**
   * Takes the address. Of several keepers that begin at the same time one does; a socket that nobody listens at any more
   * is replaced.
   *
   * @returns false when another one has it, or something is in the way.
   */
  async listen(): Promise<boolean> {
    const { address } = this.parts;
    if (isWindows) return this.#bind();
    const folder = dirname(address);
    if (!(await makeOursAlone(folder))) return false;
    // Without a lock, two that find the same left-over socket could remove that of each other.
    return new FolderFiles(folder).exclusive('keeper', async () => {
      const found = await lookAt(address);
      if (found === 'foreign') return false;
      if (found === 'socket') {
        const other = await connectTo(address, HANDSHAKE_MS);
        if (typeof other === 'object') other.destroy();
        if (other !== 'none') return false;
        await rm(address, { force: true });
      }
      return this.#bind();
    });
  }

  end(): void {
    this.#keeper.end();
  }

  async #bind(): Promise<boolean> {
    const { address } = this.parts;
    const isBound = await new Promise<boolean>((resolve) => {
      this.#server.once('error', () => resolve(false));
      this.#server.listen({ path: address }, () => resolve(true));
    });
    if (isBound) this.#inode = await inodeOf(address);
    return isBound;
  }

  #welcome(socket: Socket): void {
    socket.on('error', () => undefined);
    const [oldest] = this.#strangers;
    if (this.#strangers.size >= MOST_STRANGERS) oldest?.destroy();
    this.#strangers.add(socket);
    const late = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    socket.once('close', () => {
      clearTimeout(late);
      this.#strangers.delete(socket);
    });
    const reader = new FrameReader();
    const handshake = new KeeperHandshake(this.parts.secret, this.parts.version);
    let greeted = false;
    let receive = (content: Uint8Array) => {
      if (!greeted) {
        greeted = true;
        socket.write(frame(handshake.greet(content)));
        return;
      }
      const keys = handshake.admit(content);
      clearTimeout(late);
      this.#strangers.delete(socket);
      if (keys === 'end') {
        this.end();
        return;
      }
      if (this.#windows.size >= MOST_WINDOWS) throw new WireError('too many windows');
      receive = this.#admit(socket, new Channel(socket, { send: keys.keeperToWindow, receive: keys.windowToKeeper }));
    };
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const content of reader.push(chunk)) if (!socket.destroyed) receive(content);
      } catch {
        // Whatever it was, this connection is not to be trusted any more. The others are none the worse.
        socket.destroy();
      }
    });
  }

  /** @returns what is to be done with each frame from now on. */
  #admit(socket: Socket, channel: Channel): (content: Uint8Array) => void {
    const window: Peer = { send: (message) => channel.send(message) };
    this.#windows.add(socket);
    this.#keeper.join(window);
    socket.once('close', () => {
      this.#windows.delete(socket);
      channel.wipe();
      this.#keeper.leave(window);
    });
    return (content) => this.#keeper.receive(window, channel.open(content));
  }

  /** Ends where no window can find it any more: its folder was tidied up, or another one has taken its place. */
  async #look(): Promise<void> {
    if (isWindows || this.#inode === undefined) return;
    if ((await inodeOf(this.parts.address)) !== this.#inode) this.end();
  }

  async #close(): Promise<void> {
    clearInterval(this.#looking);
    for (const stranger of this.#strangers) stranger.destroy();
    const closing = [...this.#windows].map(
      (socket) =>
        new Promise<void>((resolve) => {
          setTimeout(() => socket.destroy(), LAST_WORDS_MS);
          socket.once('close', () => resolve());
          socket.end();
        }),
    );
    await this.#free();
    await Promise.all(closing);
    this.parts.onEnd();
  }

  /** Frees the address, unless another one has taken it. */
  async #free(): Promise<void> {
    const { address } = this.parts;
    if (isWindows) {
      this.#server.close();
      return;
    }
    // A server that closes removes whatever is at its path.
    if (this.#inode !== undefined && (await inodeOf(address)) === this.#inode) this.#server.close();
    // Fails as long as anything is in it, such as the lock of the next one.
    await rmdir(dirname(address)).catch(() => undefined);
  }
}

/** Undefined when there is no such file. */
async function inodeOf(address: string): Promise<bigint | undefined> {
  try {
    return (await lstat(address, { bigint: true })).ino;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
