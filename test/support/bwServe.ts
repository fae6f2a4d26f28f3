import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { until } from './until';

export interface BwAnswer {
  readonly status: number;
  readonly bytes: Buffer;
}

interface Envelope {
  readonly success: boolean;
  readonly message?: string;
  readonly data?: { readonly data?: unknown };
}

/** One of those that the CLI takes for its own. */
const HOST = 'localhost:8087';

/** `bw serve`: the commands of the official CLI over HTTP, in one process, which takes a fraction of the time. */
export class BwServe {
  private constructor(
    private readonly child: ChildProcess,
    private readonly socketPath: string,
  ) {}

  /** @param child has been told to listen there. */
  static async listening(child: ChildProcess, socketPath: string): Promise<BwServe> {
    const serve = new BwServe(child, socketPath);
    await until('bw serve listens', async () => {
      if (child.exitCode !== null) throw new Error(`bw serve ended with ${child.exitCode}`);
      return serve.request('GET', '/status').then(
        () => true,
        () => false,
      );
    });
    return serve;
  }

  /** @returns what the command would print, parsed: a list, an object or a text. Fails where the command does. */
  async ok<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const { bytes } = await this.request(method, path, body);
    const { success, message, data } = JSON.parse(bytes.toString()) as Envelope;
    if (!success) throw new Error(`bw serve refuses ${method} ${path}: ${message}`);
    return (data?.data ?? data) as T;
  }

  /**
   * The same for what it has changed before. What it has decrypted follows what it has stored, and on a busy machine it
   * loses a change of its own: then it is told to fetch all anew.
   */
  async known<T>(path: string, holds: (answer: T) => boolean = () => true): Promise<T> {
    let answer: T | undefined;
    const isKnown = async () => {
      answer = await this.ok<T>('GET', path).catch(() => undefined);
      return answer !== undefined && holds(answer);
    };
    await until(`bw serve knows ${path}`, async () => {
      if (await isKnown()) return true;
      await this.ok('POST', '/sync?force=true');
      return isKnown();
    });
    return answer!;
  }

  /** Keeps the vault open until it is locked, or this ends. @returns whether the master password is the right one. */
  async unlock(password: string): Promise<boolean> {
    const { status } = await this.request('POST', '/unlock', { password });
    return status === 200;
  }

  /** @param body JSON, or a form with a file. */
  async request(method: string, path: string, body?: unknown): Promise<BwAnswer> {
    const content = body instanceof FormData ? body : body === undefined ? undefined : JSON.stringify(body);
    const { headers, bytes } = await encoded(content);
    return new Promise((resolve, reject) => {
      const options = { socketPath: this.socketPath, method, path, headers: { ...headers, host: HOST } };
      const sent = request(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, bytes: Buffer.concat(parts) }));
      });
      sent.on('error', reject);
      sent.end(bytes);
    });
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}

async function encoded(content: string | FormData | undefined) {
  if (content === undefined) return { headers: {}, bytes: Buffer.alloc(0) };
  const response = new Response(content);
  const type = typeof content === 'string' ? 'application/json' : (response.headers.get('content-type') ?? '');
  const bytes = Buffer.from(await response.arrayBuffer());
  return { headers: { 'content-type': type, 'content-length': String(bytes.length) }, bytes };
}
