import { deepEqual, equal } from 'node:assert/strict';
import { createPublicKey, randomBytes } from 'node:crypto';
import { createAccount } from '../../server/accounts';
import type { Account } from '../../server/model';
import { joinOrganization } from '../../server/organizations';
import { type Act, type Exchange, vaultwardenRecording } from '../../support/recordings/recording';
import { Placeholders } from '../../support/recordings/template';
import { type Caller, clientHeaders, withServer } from './caller';

/** Does to the embedded server what the official CLI did to Vaultwarden, and compares every answer. */
class Replay {
  readonly #placeholders: Placeholders;
  /** As the server keeps it: nothing in it is understood. */
  readonly #file = randomBytes(65);
  readonly #revisions = new Map<string, string>();
  #fileUrl = '';

  constructor(
    private readonly caller: Caller,
    private readonly account: Account,
  ) {
    const { id, clientSecret } = account;
    const server = caller.server.url;
    this.#placeholders = new Placeholders(
      new Map([
        ['user', id],
        ['client secret', clientSecret],
        ['device', caller.tokenForm().deviceIdentifier ?? ''],
        ['server', server],
      ]),
    );
  }

  /** @returns a line for each difference. */
  async act({ act, exchanges }: Act): Promise<string[]> {
    this.caller.server.clock.advance(10);
    if (act.endsWith('of an organisation') && this.account.organizations.length === 0) this.#join();
    const found: string[] = [];
    for (const exchange of exchanges) found.push(...(await this.#exchange(exchange)));
    return found.map((line) => `${act}: ${line}`);
  }

  #join(): void {
    const der = Buffer.from(this.account.publicKey ?? '', 'base64');
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    joinOrganization(this.account, { name: 'Wire', collections: ['One', 'Two'] }, publicKey);
    this.#placeholders.set('organisation', this.account.organizations[0]?.id ?? '');
    for (const [at, { id }] of this.account.collections.entries()) {
      this.#placeholders.set(`collection${String(at + 1)}`, id);
    }
  }

  async #exchange(recorded: Exchange): Promise<string[]> {
    const [method = '', path = ''] = this.#placeholders.fill(recorded.request).split(' ');
    const id = /\/api\/ciphers\/([0-9a-f-]{36})/.exec(path)?.[1] ?? '';
    this.#placeholders.set('last revision', this.#revisions.get(id) ?? new Date().toISOString());
    const { status, json, bytes } = await this.#send(method, path, recorded.body);
    if (status === 200 && path.startsWith('/identity/')) this.caller.token = String(json?.access_token);
    this.#remember(json);
    if (recorded.answer === '<file>') deepEqual(bytes, this.#file);
    const differences =
      recorded.answer === '<file>' ? [] : this.#placeholders.differences(recorded.answer ?? undefined, json);
    return [...(status === recorded.status ? [] : [`status ${String(status)}`]), ...differences];
  }

  async #send(method: string, path: string, recorded: unknown) {
    const url = path.startsWith('/attachments/') ? this.#fileUrl : `${this.caller.server.url}${path}`;
    const headers: Record<string, string> = { ...clientHeaders, Authorization: `Bearer ${this.caller.token ?? ''}` };
    const response = await fetch(url, { method, headers, body: this.#body(path, recorded, headers) });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const json = isJson ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : undefined;
    return { status: response.status, bytes, json };
  }

  #body(path: string, recorded: unknown, headers: Record<string, string>): string | FormData | URLSearchParams | null {
    if (recorded === undefined) return null;
    if (recorded === '<file>') {
      const form = new FormData();
      form.append('data', new Blob([this.#file]), '2.AAAA|AAAA|AAAA');
      return form;
    }
    const body = this.#placeholders.fill(recorded);
    if (path.startsWith('/identity/')) return new URLSearchParams(body as Record<string, string>);
    headers['Content-Type'] = 'application/json; charset=utf-8';
    return JSON.stringify(body);
  }

  #remember(json: Record<string, unknown> | undefined): void {
    const { id, revisionDate, url } = (json?.cipherResponse ?? json?.cipher ?? json ?? {}) as Record<string, unknown>;
    if (typeof url === 'string' && url.includes('/attachments/')) this.#fileUrl = url;
    if (typeof id !== 'string' || typeof revisionDate !== 'string') return;
    if (this.#revisions.size === 0) this.#placeholders.set('first revision', revisionDate);
    this.#revisions.set(id, revisionDate);
  }
}

describe('embedded server as Vaultwarden', () => {
  it('answers the official CLI as a real one was recorded to answer it', async () => {
    const account = await createAccount({
      email: 'wire@vwt.test',
      kdf: { type: 'pbkdf2', iterations: 600_000 },
      premium: true,
    });
    await withServer({ dialect: 'vaultwarden', accounts: [account] }, async (caller) => {
      const replay = new Replay(caller, account);
      const acts = vaultwardenRecording();
      const differences: string[] = [];
      for (const act of acts) differences.push(...(await replay.act(act)));
      deepEqual(differences, []);
      equal(acts.length > 20, true);
    });
  });
}).timeout(20_000);
