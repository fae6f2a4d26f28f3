import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { clientIdentity } from '../../../src/bitwarden/http/clientIdentity';
import type { Fetch } from '../../../src/bitwarden/http/fetch';
import { HttpClient, type HttpOptions } from '../../../src/bitwarden/http/client';
import type { ServerUrls } from '../../../src/bitwarden/http/servers';

export const DEVICE = '6f3bd3a2-0b5e-4a51-9d0c-6a3c5f0c1b2d';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Loopback {
  readonly host: string;
  readonly origin: string;
  readonly urls: ServerUrls;
  readonly requests: readonly Received[];
}

export type Handler = (response: ServerResponse, request: Received) => void;

/** Starts real servers on free ports of the loopback interface and stops them after each test. */
export function loopbackServers(): (handler: Handler, tls?: ServerOptions) => Promise<Loopback> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });
  return async (handler, tls) => {
    const requests: Received[] = [];
    const listener: Parameters<typeof createServer>[1] = (incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('error', () => response.destroy());
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method = '', url = '', headers } = incoming;
        const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
        requests.push(request);
        handler(response, request);
      });
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    stops.push(
      () =>
        new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        }),
    );
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const origin = `${tls ? 'https' : 'http'}://${host}`;
    return {
      host,
      origin,
      urls: { webVault: origin, api: `${origin}/sub/api`, identity: `${origin}/sub/identity` },
      requests,
    };
  };
}

/** Over node-fetch, as in the editor. */
export async function httpClient(options: HttpOptions = {}): Promise<HttpClient> {
  const { default: nodeFetch } = await import('node-fetch');
  const fetch: Fetch = nodeFetch;
  return new HttpClient(fetch, clientIdentity('linux', DEVICE), { sleep: () => Promise.resolve(), ...options });
}

export function json(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
}

/** As Vaultwarden says no (vaultwarden: src/error.rs). */
export function vaultwardenRefusal(message: string): object {
  return {
    message,
    validationErrors: { '': [message] },
    errorModel: { message, object: 'error' },
    error: '',
    error_description: '',
    exceptionMessage: null,
    object: 'error',
  };
}

/** As the official API says no (server: src/Libraries/ExceptionHandling/ErrorResponseModel.cs). */
export function officialRefusal(message: string, field = ''): object {
  return {
    message: 'The model state is invalid.',
    validationErrors: { [field]: [message] },
    exceptionMessage: null,
    object: 'error',
  };
}
