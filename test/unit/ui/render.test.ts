import assert from 'node:assert/strict';
import { MalformedAnswerError, NetworkError, RateLimitedError, TlsError } from '../../../src/bitwarden/errors';
import type { OpenVault } from '../../../src/vault/openVault';
import type { Facts, SessionState } from '../../../src/account/state';
import { isAvailable, statusMenu } from '../../../src/ui/commands/commandTable';
import { contextValues } from '../../../src/ui/contextValues';
import { render, stateInWords } from '../../../src/ui/status/render';

const account = {
  id: 'a-random-id',
  userId: '0123abcd-45ef-6789-abcd-0123456789ab',
  email: 'robin_[x](command:evil)@example.org',
  clientId: 'user.0123abcd-45ef-6789-abcd-0123456789ab',
  servers: {
    webVault: 'https://vault.example.org/sub',
    api: 'https://vault.example.org/sub/api',
    identity: 'https://vault.example.org/sub/identity',
  },
};
const fine: Facts = {
  syncing: false,
  problem: undefined,
  dropped: undefined,
  lastSync: Date.UTC(2026, 0, 2, 3, 4),
  rotationUnfinished: false,
  hasPin: false,
};
const vault = { items: [], policies: [] } as unknown as OpenVault;
const locked = (facts: Partial<Facts> = {}): SessionState => ({
  kind: 'locked',
  account,
  facts: { ...fine, ...facts },
});
const unlocked = (facts: Partial<Facts> = {}): SessionState => ({
  kind: 'unlocked',
  account,
  facts: { ...fine, ...facts },
  vault,
});
const actionsFor = (state: SessionState) => statusMenu(contextValues(state)).map(({ id }) => id);
const look = (state: SessionState) =>
  render(
    state,
    (id) => isAvailable(id, contextValues(state)),
    (time) => new Date(time).toISOString(),
  );
const offline = new NetworkError('unreachable', 'vault.example.org');

const cases: [name: string, state: SessionState, text: string, warning: boolean, spoken: string][] = [
  ['starting', { kind: 'starting' }, '$(shield) Bitwarden', false, 'Bitwarden'],
  [
    'secret storage not readable',
    { kind: 'unreadable' },
    '$(error) Bitwarden: Storage Not Readable',
    true,
    'Bitwarden, Storage Not Readable',
  ],
  ['signed out', { kind: 'signedOut' }, '$(shield) Bitwarden', false, 'Bitwarden, signed out'],
  ['locked', locked(), '$(lock) Bitwarden', false, 'Bitwarden, locked'],
  ['unlocked', unlocked(), '$(unlock) Bitwarden', false, 'Bitwarden, unlocked'],
  ['syncing', unlocked({ syncing: true }), '$(sync~spin) Bitwarden: Syncing', false, 'Bitwarden, unlocked, Syncing'],
  [
    'syncing after a failure',
    unlocked({ syncing: true, problem: offline }),
    '$(sync~spin) Bitwarden: Syncing',
    false,
    'Bitwarden, unlocked, Syncing',
  ],
  ['offline', unlocked({ problem: offline }), '$(unlock) Bitwarden: Offline', false, 'Bitwarden, unlocked, Offline'],
  [
    'offline and locked',
    locked({ problem: offline }),
    '$(lock) Bitwarden: Offline',
    false,
    'Bitwarden, locked, Offline',
  ],
  [
    'certificate not trusted',
    unlocked({ problem: new TlsError('untrusted', 'vault.example.org') }),
    '$(unlock) Bitwarden: Sync Failed',
    false,
    'Bitwarden, unlocked, Sync Failed',
  ],
  [
    'rate limited',
    unlocked({ problem: new RateLimitedError('vault.example.org', Date.now() + 60_000) }),
    '$(unlock) Bitwarden: Server Busy',
    false,
    'Bitwarden, unlocked, Server Busy',
  ],
  [
    'sync failed',
    unlocked({ problem: new MalformedAnswerError('vault.example.org', 'JSON') }),
    '$(unlock) Bitwarden: Sync Failed',
    false,
    'Bitwarden, unlocked, Sync Failed',
  ],
  [
    'key rejected',
    unlocked({ dropped: 'keyRejected', syncing: true }),
    '$(warning) Bitwarden: Key Rejected',
    true,
    'Bitwarden, unlocked, Key Rejected',
  ],
  [
    'account deleted',
    unlocked({ dropped: 'accountGone' }),
    '$(warning) Bitwarden: Account Deleted',
    true,
    'Bitwarden, unlocked, Account Deleted',
  ],
  [
    'stamp changed',
    locked({ dropped: 'stampChanged' }),
    '$(warning) Bitwarden: Sign In Again',
    true,
    'Bitwarden, locked, Sign In Again',
  ],
  [
    'other user',
    locked({ dropped: 'otherUser' }),
    '$(warning) Bitwarden: Sign In Again',
    true,
    'Bitwarden, locked, Sign In Again',
  ],
  [
    'rotation unfinished',
    locked({ rotationUnfinished: true, dropped: 'keyRejected', problem: offline }),
    '$(warning) Bitwarden: Finish Rotation',
    true,
    'Bitwarden, locked, Finish Rotation',
  ],
];

describe('Status bar', () => {
  for (const [name, state, text, warning, spoken] of cases) {
    it(`says what is: ${name}`, () => {
      const shown = look(state);
      assert.deepEqual([shown.text, shown.warning, shown.accessibilityLabel], [text, warning, spoken]);
    });

    it(`keeps the e-mail address out of the bar, links only to its own commands: ${name}`, () => {
      const { text: bar, tooltip, links, accessibilityLabel } = look(state);
      assert.ok(!`${bar}${accessibilityLabel}`.includes('@'));
      const linked = [...tooltip.matchAll(/(?<!\\)\]\(command:([^)]*)\)/g)].map(([, command]) => command);
      assert.deepEqual(linked, links);
    });
  }

  it('tells account, server with sub-path, and the last sync in the tooltip', () => {
    const { tooltip } = look(unlocked());
    assert.match(tooltip.replaceAll('\\', ''), /Account: robin_\[x]\(command:evil\)@example\.org/);
    assert.match(tooltip.replaceAll('\\', ''), /Server: vault\.example\.org\/sub\n/);
    assert.match(tooltip.replaceAll('\\', ''), /Last sync: 2026-01-02T03:04:00\.000Z/);
  });

  it('heads its menu with the state, the account and the last sync', () => {
    const head = (state: SessionState) => Object.values(stateInWords(state, () => '14:32'));
    assert.deepEqual(head(unlocked({ problem: offline })), [
      'Bitwarden: Unlocked, Offline · Last sync: 14:32',
      `${account.email} at vault.example.org/sub`,
    ]);
    assert.deepEqual(head({ kind: 'signedOut' }), ['Bitwarden: Signed out', 'What do you want to do?']);
  });

  it('leads with the command that mends', () => {
    const first = (state: SessionState) => [look(state).links[0], actionsFor(state)[0]];
    assert.deepEqual(first(unlocked({ dropped: 'keyRejected' })), Array(2).fill('vaultside.enterNewClientSecret'));
    assert.deepEqual(first(unlocked({ dropped: 'storedElsewhere' })), Array(2).fill('vaultside.enterNewClientSecret'));
    assert.deepEqual(first(locked({ dropped: 'stampChanged' })), Array(2).fill('vaultside.signInAgain'));
    assert.deepEqual(first(locked({ rotationUnfinished: true })), Array(2).fill('vaultside.finishRotation'));
    assert.deepEqual(first({ kind: 'unreadable' }), Array(2).fill('vaultside.tryAgain'));
    assert.deepEqual(first({ kind: 'signedOut' }), Array(2).fill('vaultside.signIn'));
    assert.deepEqual(first(locked()), Array(2).fill('vaultside.unlock'));
  });

  it('offers each command once, and none that does nothing', () => {
    assert.deepEqual(look(locked({ problem: offline })).links, [
      'vaultside.sync',
      'vaultside.openLogs',
      'vaultside.unlock',
    ]);
  });

  it('offers nothing that asks the server where there is no session', () => {
    for (const state of [unlocked({ dropped: 'keyRejected' }), locked({ dropped: 'stampChanged' })]) {
      const offered: readonly string[] = [...look(state).links, ...actionsFor(state)];
      for (const asking of ['sync', 'rotateApiKey', 'viewApiKey']) assert.ok(!offered.includes(`vaultside.${asking}`));
    }
  });

  it('does not offer to unlock where that would be refused', () => {
    for (const dropped of ['stampChanged', 'otherUser'] as const) {
      const state = locked({ dropped });
      assert.ok(![...look(state).links, ...actionsFor(state)].includes('vaultside.unlock'));
    }
  });
});
