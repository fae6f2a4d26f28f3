import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { secretFromText } from '../../../src/base/secretBytes';
import { deriveMasterKey } from '../../../src/bitwarden/crypto/kdf';
import { stretchMasterKey } from '../../../src/bitwarden/crypto/masterKey';
import type { AccountOptions } from '../../server/accounts';
import type { Account } from '../../server/model';
import type { TestServer } from '../../server/server';
import { type Mark, textMark } from './marks';
import type { Place } from './scan';

const unique = (what: string) => `${what}-${randomBytes(8).toString('hex')}`;

/** What the user types and stores. Every text is unlike any other, so that it is never found by chance. */
function makeWords() {
  return {
    masterPassword: `Mä§ter "${unique('pass')}" & 100% <of it>`,
    wrongPassword: `wröng "${unique('pass')}" + more`,
    wrongClientSecret: unique('WrongSecret').replace('-', ''),
    password: `pä ss"${unique('login')}\\`,
    guardedPassword: unique('reprompt'),
    totpSeed: Array.from(randomBytes(32), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join(''),
    hiddenField: unique('hidden'),
    note: `first line ${unique('note')}\nsecond line ${unique('note')}`,
    cardNumber: Array.from(randomBytes(16), (byte) => byte % 10).join(''),
    cardCode: unique('code'),
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${randomBytes(48).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`,
    oldPassword: unique('previous'),
    organizationPassword: unique('shared'),
    draft: unique('draft'),
    newCode: unique('newCode'),
    file: unique('content of a file'),
  };
}

function makeNames() {
  return {
    username: unique('username'),
    login: unique('Login'),
    guarded: unique('Guarded'),
    card: unique('Card'),
    note: unique('Note'),
    sshKey: unique('SSH'),
    shared: unique('Shared'),
    folder: unique('Folder'),
    collection: unique('Collection'),
    field: unique('Field'),
    file: unique('File'),
  };
}

/** What is in an account, and what its user types. */
export class Content {
  readonly words = makeWords();
  readonly names = makeNames();
  readonly options = markedAccount(this.words, this.names);
}

/** An account of which all secrets are known, alone at its server. */
export class MarkedAccount {
  readonly #clientSecrets = new Set<string>();
  readonly words: Content['words'];
  readonly names: Content['names'];

  constructor(
    readonly server: TestServer,
    content: Content,
  ) {
    this.words = content.words;
    this.names = content.names;
    this.noteClientSecret();
  }

  get account(): Account {
    return this.server.account;
  }

  /** To be called whenever there is another one. */
  noteClientSecret(): string {
    const { clientSecret } = this.account;
    assert.ok(!this.#clientSecrets.has(clientSecret), 'the client_secret was rotated');
    this.#clientSecrets.add(clientSecret);
    return clientSecret;
  }

  /** Every access token that the client has used, in the order of first use. */
  get tokens(): string[] {
    return [...new Set(this.server.requests.to().flatMap(({ headers }) => headers.authorization?.slice(7) ?? []))];
  }

  /** What must not be found anywhere. */
  async secrets(): Promise<Mark[]> {
    const { salt, kdf, masterPasswordHash, plainUserKey, organizations } = this.account;
    const masterKey = await deriveMasterKey(secretFromText(this.words.masterPassword), salt, kdf);
    return [
      ...Object.entries(this.words).flatMap(([name, text]) => linesOf(text).map((line) => textMark(name, line))),
      ...[...this.#clientSecrets].map((secret, at) => textMark(`client_secret ${at + 1}`, secret)),
      // The signature is enough to look for: each token has its own, and a part of a token must not be found either.
      ...this.tokens.map((token, at) => textMark(`access token ${at + 1}`, token.split('.')[2] ?? '')),
      textMark('master password hash', masterPasswordHash),
      { name: 'master key', bytes: masterKey },
      { name: 'stretched master key', bytes: stretchMasterKey(masterKey).bytes },
      { name: 'user key', bytes: Buffer.from(plainUserKey, 'base64') },
      ...organizations.map(({ plainKey }) => ({ name: 'organisation key', bytes: Buffer.from(plainKey, 'base64') })),
    ];
  }

  /** What is no secret, but concerns nobody else. It may be on the screen, and it is encrypted in the vault. */
  itemNames(): Mark[] {
    return Object.entries(this.names).map(([name, text]) => textMark(name, text));
  }

  /** What servers send unencrypted. It is in the cached vault and must be nowhere else. */
  publicNames(): Mark[] {
    const { email, organizations } = this.account;
    return [textMark('email', email), ...organizations.map(({ name }) => textMark('organisation', name))];
  }

  /** All that its server was sent. */
  requests(): Place[] {
    return this.server.requests.to().map(({ method, path, query, headers, body }) => ({
      name: `${method} ${path}`,
      bytes: Buffer.from([path, query, JSON.stringify(headers), body].join('\n')),
    }));
  }
}

/** The lines of a key without its first and last, which are the same in all keys. */
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => !line.startsWith('-----'));
}

function markedAccount(words: ReturnType<typeof makeWords>, names: ReturnType<typeof makeNames>): AccountOptions {
  const organization = unique('Organisation');
  return {
    email: `${unique('person')}@mark.example`,
    password: words.masterPassword,
    premium: true,
    organizations: [{ name: organization, collections: [names.collection] }],
    items: [
      {
        name: names.login,
        username: names.username,
        password: words.password,
        totp: words.totpSeed,
        uris: ['https://login.example'],
        folder: names.folder,
        favorite: true,
        fields: [{ type: 'hidden', name: names.field, value: words.hiddenField }],
        passwordHistory: [{ password: words.oldPassword, lastUsedDate: '2025-01-01T00:00:00.000Z' }],
        attachments: [{ fileName: `${names.file}.txt`, content: Buffer.from(words.file) }],
        ownKey: true,
      },
      { name: names.guarded, username: names.username, password: words.guardedPassword, reprompt: true },
      { type: 'card', name: names.card, details: { number: words.cardNumber, code: words.cardCode } },
      { type: 'secureNote', name: names.note, notes: words.note },
      { type: 'sshKey', name: names.sshKey, details: { privateKey: words.privateKey } },
      {
        name: names.shared,
        password: words.organizationPassword,
        organization,
        collections: [names.collection],
      },
    ],
  };
}
