import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { isSignedIn } from '../../../../src/account/state';
import type { AccountOptions } from '../../../server/accounts';
import { ChosenOptions } from '../../../../src/ui/generator/chosenOptions';
import { type GeneratorParts, openGenerator, type Outcome } from '../../../../src/ui/generator/generator';
import { type GeneratorKey, generatorKeys } from '../../../../src/ui/generator/generatorKeys';
import type { GeneratorRow } from '../../../../src/ui/generator/generatorRows';
import { OpenKeys } from '../../../../src/ui/openKeys';
import { present } from '../../../../src/ui/presentation';
import type { GeneratorKind } from '../../../../src/generate/kinds';
import { Screen } from '../../../support/screen';
import { until } from '../../../support/until';
import { type EditorWindow, scenes } from '../../../support/window';

const strength = join(__dirname, '..', '..', '..', '..', 'src', 'generate', 'strengthWorker.js');

describe('The generator', () => {
  const scene = scenes();
  let screen: Screen;
  let parts: GeneratorParts;
  let stored: unknown;
  let outcome: Promise<Outcome | undefined>;

  beforeEach(() => {
    screen = new Screen();
    stored = undefined;
    const memory = { get: () => stored, update: (_: string, value: unknown) => Promise.resolve((stored = value)) };
    parts = {
      keys: new OpenKeys<GeneratorKey>(),
      memory: memory as unknown as GeneratorParts['memory'],
      words: () => readFile('src/generate/eff_large_wordlist.txt', 'utf8'),
      strength,
    };
  });
  afterEach(() => screen.putAway());

  const signedIn = async (policy?: object) => {
    const policies = policy === undefined ? [] : [{ type: 2, data: policy }];
    const account = { organizations: [{ name: 'Northwind', policies }] } as AccountOptions;
    return (await scene('official', account)).signedIn();
  };
  const unlocked = async (policy?: object) => {
    const window = await signedIn(policy);
    await window.unlock();
    return window;
  };
  const rows = () => (screen.inputs[0]?.shown.items ?? []) as readonly GeneratorRow[];
  const row = (label: string) => rows().find((each) => each.label === label) ?? assert.fail(label);
  const open = async ({ session }: EditorWindow, kind: GeneratorKind) => {
    outcome = openGenerator(parts, session, kind);
    await until('a preview', () => rows().length > 0);
  };
  const press = (does: GeneratorKey['does']) => parts.keys.press(generatorKeys.find((key) => key.does === does)!);
  const enter = async (label: string) => {
    const before = rows();
    Object.assign(screen.inputs[0]!.shown, { activeItems: [row(label)] });
    screen.inputs[0]!.enter('');
    await until('new rows', () => rows() !== before);
  };

  it('holds to what organizations ask for, and says so', async () => {
    await open(await unlocked({ minLength: 30, useSpecial: true, minNumbers: 4 }), 'password');
    assert.match(rows()[0]!.label, /^(?=(?:.*\d){4})(?=.*[!@#$%^&*]).{30}$/);
    assert.equal(row('Length').description, '30 · at least 30 by your organization');
    const special = 'Special characters (!@#$%^&*)';
    assert.equal(row(special).description, 'on · required by your organization');
    press('shorter');
    assert.equal(row('Length').description, '30 · at least 30 by your organization');
    press('longer');
    await until('31', () => row('Length').description === '31 · at least 30 by your organization');
    press('copy');
    const made = await outcome;
    assert.ok(made?.does === 'copy' && made.text.length === 31);
  });

  it('knows its rows by ids that tell nothing, and stay the same', async () => {
    await open(await unlocked(), 'password');
    const ids = () => rows().flatMap(({ id }) => id ?? []);
    const [before, text] = [ids(), rows()[0]!.label];
    assert.equal(new Set(before).size, before.length);
    assert.ok(before.every((id) => /^(value\.\d|set\.[a-zA-Z]+|kind\.[a-z]+)$/.test(id)));
    press('longer');
    await until('another one', () => rows()[0]!.label !== text);
    assert.deepEqual(ids(), before);
    assert.deepEqual(
      ['Length', 'Minimum numbers'].map((label) =>
        row(label).buttons?.map(({ tooltip }) => tooltip?.replace(/ \(.*/, '')),
      ),
      [
        ['Shorter', 'Longer'],
        ['Fewer', 'More'],
      ],
    );
  });

  it('makes what an organization allows alone', async () => {
    await open(await unlocked({ overridePasswordType: 'passphrase' }), 'password');
    assert.match(rows()[0]!.label, /^[a-z]+(?:-[a-z]+){5,}$/);
    assert.match(rows()[0]!.detail!, /^Your organization allows passphrases, not passwords\./);
    assert.ok(!rows().some(({ label }) => label === 'Generate Password'));
  });

  it('copies what is shown while what takes its place is not made yet', async () => {
    parts = { ...parts, words: () => new Promise(() => undefined) };
    await open(await unlocked(), 'password');
    const text = rows()[0]!.label;
    Object.assign(screen.inputs[0]!.shown, { activeItems: [row('Generate Username')] });
    screen.inputs[0]!.enter('');
    press('copy');
    assert.deepEqual(await outcome, { does: 'copy', kind: 'password', text });
  });

  it('makes another one at an unlock that brings a policy, and gives away none that was made before', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { words } = parts;
    parts = { ...parts, words: () => promise };
    const window = await signedIn({ overridePasswordType: 'passphrase' });
    await open(window, 'password');
    assert.match(rows()[0]!.detail!, /is not kept.*Rules of your organizations are not known/);
    await window.unlock();
    press('copy');
    resolve(await words());
    await until('a passphrase', () => /^[a-z]+(?:-[a-z]+){5,}$/.test(rows()[0]!.label));
    assert.match(rows()[0]!.detail!, /What you use is kept/);
    press('copy');
    const made = await outcome;
    assert.ok(made?.does === 'copy' && made.kind === 'passphrase');
  });

  it('stays open where there is no editor to insert into', async () => {
    await open(await unlocked(), 'password');
    const text = rows()[0]!.label;
    press('insert');
    assert.match(screen.messages.join(), /There is no text editor to insert into/);
    press('copy');
    assert.deepEqual(await outcome, { does: 'copy', kind: 'password', text });
  });

  it('makes an address of that of the account, and remembers what was chosen', async () => {
    const window = await unlocked();
    await open(window, 'username');
    await enter('Your email with a plus');
    const { state } = window.session;
    const [name, host] = (isSignedIn(state) ? state.account.email : '').split('@') as [string, string];
    assert.match(rows()[0]!.label, new RegExp(`^${name}\\+[a-z0-9]{8}@${host}$`));
    assert.equal(new ChosenOptions(parts.memory).value.usernames.kind, 'plusAddress');
    assert.ok(!JSON.stringify(stored).includes(name));
  });

  it('closes at a lock, and keeps nothing on the screen', async () => {
    const window = await unlocked();
    await open(window, 'password');
    assert.equal(parts.keys.isOpen, true);
    await window.session.lock();
    assert.equal(await outcome, undefined);
    assert.deepEqual([rows(), parts.keys.isOpen], [[], false]);
  });

  it('shows nothing in presentation mode', async () => {
    const window = await unlocked();
    stored = { usernames: { kind: 'catchAll', domain: 'robin.example' } };
    await present(true);
    try {
      await open(window, 'password');
      Object.assign(vscode.window, { activeTextEditor: {} });
      press('insert');
      const made = await outcome;
      assert.ok(made?.does === 'insert' && made.text.length === 14 && !screen.text.includes(made.text));
      screen.putAway();
      screen = new Screen();
      await open(window, 'username');
      const shown = rows().map(({ label, description = '' }) => `${label} ${description}`);
      assert.deepEqual([shown[0], shown.includes('Domain ••••••••')], ['•••••••• ', true]);
      assert.ok(!shown.join().includes('robin.example'));
    } finally {
      await present(false);
    }
  });

  it('fails where the list of words is damaged, and copies nothing', async () => {
    const { session } = await unlocked();
    const damaged = openGenerator({ ...parts, words: () => Promise.resolve('11111\tabacus') }, session, 'passphrase');
    await assert.rejects(damaged, TypeError);
    assert.equal(parts.keys.isOpen, false);
  });
});
