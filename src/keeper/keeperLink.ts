import type { Socket } from 'node:net';
import { Emitter } from '../base/event';
import type { IdleLimits, KeeperLink, KeptKey } from '../base/keyKeeper';
import { wipe } from '../base/secretBytes';
import type { Channel } from './channel';
import type { Message } from './messages';

/** The keeper answers from memory: one that takes longer is hung, and is not waited for. */
const ANSWER_MS = 1_000;

type Answer = Extract<Message, { kind: 'stored' | 'void' | 'key' | 'none' }>;

interface Question {
  readonly account: string;
  readonly answers: readonly Answer['kind'][];
  /** To be called with undefined where none comes. */
  readonly answer: (answer: Answer | undefined) => void;
}

/** A window's connection to the keeper, once both have proved themselves. */
export class SocketLink implements KeeperLink {
  readonly #locked = new Emitter<string>();
  readonly #used = new Emitter<string>();
  readonly #closed = new Emitter<undefined>();
  readonly onDidLock = this.#locked.event;
  readonly onDidUse = this.#used.event;
  readonly onDidClose = this.#closed.event;
  /** The keeper answers in the order in which it is asked. */
  readonly #waiting: Question[] = [];

  constructor(
    private readonly socket: Socket,
    private readonly channel: Channel,
    readonly base: string | undefined,
  ) {
    socket.once('close', () => {
      channel.wipe();
      for (const { answer } of this.#waiting.splice(0)) answer(undefined);
      this.#closed.fire(undefined);
    });
  }

  async put(account: string, kept: KeptKey): Promise<boolean> {
    const answer = await this.#ask({ kind: 'put', account, ...kept }, ['stored', 'void']);
    return answer?.kind === 'stored';
  }

  async get(account: string): Promise<KeptKey | undefined> {
    const answer = await this.#ask({ kind: 'get', account }, ['key', 'none']);
    return answer?.kind === 'key' ? answer : undefined;
  }

  setLimits(account: string, limits: IdleLimits): void {
    this.channel.send({ kind: 'limits', account, ...limits });
  }

  used(account: string): void {
    this.channel.send({ kind: 'used', account });
  }

  lock(account: string, signal: number): void {
    this.channel.send({ kind: 'lock', account, signal });
  }

  dispose(): void {
    if (this.socket.destroyed) return;
    // What was sent goes out; a keeper that does not take it is not waited for.
    this.socket.end();
    setTimeout(() => this.socket.destroy(), ANSWER_MS).unref();
  }

  /** Closes the connection at an answer to what was not asked. @throws WireError for a frame that is not the keeper's. */
  receive(content: Uint8Array): void {
    const message = this.channel.open(content);
    switch (message.kind) {
      case 'locked':
        this.#locked.fire(message.account);
        return;
      case 'used':
        this.#used.fire(message.account);
        return;
      case 'stored':
      case 'void':
      case 'key':
      case 'none': {
        const [asked] = this.#waiting;
        if (asked?.account !== message.account || !asked.answers.includes(message.kind)) {
          this.#refuse(message);
          return;
        }
        this.#waiting.shift();
        asked.answer(message);
        return;
      }
      case 'limits':
      case 'put':
      case 'get':
      case 'lock':
        this.#refuse(message);
    }
  }

  #refuse(message: Message): void {
    if ('key' in message) wipe(message.key);
    this.socket.destroy();
  }

  #ask(question: Message, answers: readonly Answer['kind'][]): Promise<Answer | undefined> {
    if (this.socket.destroyed) return Promise.resolve(undefined);
    this.channel.send(question);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.socket.destroy(), ANSWER_MS);
      const answer = (given: Answer | undefined) => {
        clearTimeout(timer);
        resolve(given);
      };
      this.#waiting.push({ account: question.account, answers, answer });
    });
  }
}
