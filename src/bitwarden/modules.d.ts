/** The bundled code of a worker, as text: see `inlineWorkers` in esbuild.mjs. */
declare module 'worker:*' {
  const code: string;
  export default code;
}

/** The part of hash-wasm that carries Argon2 alone; the package has types for the whole only. */
declare module 'hash-wasm/dist/argon2.umd.min.js' {
  export { argon2id } from 'hash-wasm';
}

/** The part of ws that a client uses; the package has no types. */
declare module 'ws' {
  import type { ClientRequest, IncomingMessage } from 'node:http';

  export default class WebSocket {
    constructor(
      address: URL,
      options: {
        readonly headers: Record<string, string>;
        readonly perMessageDeflate: false;
        readonly maxPayload: number;
      },
    );
    on(event: 'open' | 'ping' | 'close', listener: () => void): this;
    on(event: 'message', listener: (frame: Uint8Array) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'unexpected-response', listener: (request: ClientRequest, answer: IncomingMessage) => void): this;
    send(frame: string | Uint8Array): void;
    terminate(): void;
  }
}
