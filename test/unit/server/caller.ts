import type { Account } from '../../server/model';
import { startServer, type ServerOptions, type TestServer } from '../../server/server';

export const dialects = ['official', 'vaultwarden'] as const;

type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

export const clientHeaders = {
  Accept: 'application/json',
  'Bitwarden-Client-Name': 'cli',
  'Bitwarden-Client-Version': '2026.6.0',
};

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  let json: Json = {};
  try {
    json = JSON.parse(text) as Json;
  } catch {
    // Not every answer is JSON; such a test looks at the text.
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** Asks the server by plain HTTP, as a client that knows nothing of its insides. */
export class Caller {
  token: string | undefined;

  constructor(readonly server: TestServer) {}

  tokenForm(account: Account = this.server.account): Record<string, string> {
    return {
      grant_type: 'client_credentials',
      client_id: account.clientId,
      client_secret: account.clientSecret,
      scope: 'api',
      deviceType: '25',
      deviceIdentifier: 'd3b6a5a0-0000-4000-8000-000000000001',
      deviceName: 'linux',
    };
  }

  async connect(form = this.tokenForm(), headers: Record<string, string> = clientHeaders): Promise<Answer> {
    const body = new URLSearchParams(form);
    return read(await fetch(`${this.server.urls.identity}/connect/token`, { method: 'POST', headers, body }));
  }

  /** Signs in, and bears the token from here on. */
  async signIn(account?: Account): Promise<void> {
    const { json } = await this.connect(this.tokenForm(account));
    this.token = String(json.access_token);
  }

  async api(method: string, path: string, body?: unknown, headers: Record<string, string> = clientHeaders) {
    const bearer = this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` };
    const content = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const response = await fetch(`${this.server.urls.api}/${path}`, {
      method,
      headers: { ...headers, ...bearer, ...content },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
    });
    return read(response);
  }
}

/** Starts a server, gives it to the test, and stops it whatever happens. */
export async function withServer(options: ServerOptions, test: (caller: Caller) => Promise<void>): Promise<void> {
  const server = await startServer(options);
  try {
    await test(new Caller(server));
  } finally {
    await server.close();
  }
}
