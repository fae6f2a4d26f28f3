import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Session } from '../../../../src/account/session';
import type { Parts } from '../../../../src/ui/commands/command';
import { generate } from '../../../../src/ui/commands/generate';
import { type GeneratorKey, generatorKeys } from '../../../../src/ui/generator/generatorKeys';
import { showGeneratorHistory } from '../../../../src/ui/commands/generatorHistory';
import { OpenKeys } from '../../../../src/ui/openKeys';
import { Screen } from '../../../support/screen';
import { until } from '../../../support/until';
import { type EditorWindow, scenes } from '../../../support/window';

describe('What was generated and used', () => {
  const scene = scenes();
  const keys = new OpenKeys<GeneratorKey>();
  let screen: Screen;

  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  const open = async ({ sessions }: EditorWindow, clipboard: object = {}) => {
    const generator: Parts['generator'] = {
      keys,
      memory: { get: () => undefined, update: () => Promise.resolve() } as unknown as vscode.Memento,
      words: () => readFile('src/generate/eff_large_wordlist.txt', 'utf8'),
      strength: join(__dirname, '..', '..', '..', '..', 'src', 'generate', 'strengthWorker.js'),
    };
    const parts = { sessions, session: sessions.current, clipboard, generator };
    const ended = generate(parts as unknown as Parts, 'password');
    await until('a preview', () => screen.inputs[0]?.shown.items !== undefined);
    return { ended };
  };
  const shown = () => (screen.inputs[0]!.shown.items as vscode.QuickPickItem[])[0]!.label;
  const kept = async ({ generatorHistory }: Session) => (await generatorHistory.entries()).map(({ text }) => text);
  const press = (does: GeneratorKey['does']) => keys.press(generatorKeys.find((key) => key.does === does)!);

  it('is kept for the account that was active when it was used, also where it became so while the list was open', async () => {
    const [at, next] = [await scene('official'), await scene('official')];
    const window = await at.open();
    const copySecret = () => window.session.signIn(next.urls, next.key);
    const { ended } = await open(window, { copySecret });
    await window.session.signIn(at.urls, at.key);
    await window.unlock();
    const first = window.sessions.current;
    const text = shown();
    press('copy');
    await ended;
    assert.notEqual(window.sessions.current, first);
    assert.deepEqual(await kept(first), [text]);
  });

  it('is kept where the editor refuses it', async () => {
    const window = await (await scene('official')).unlocked();
    const { ended } = await open(window);
    const text = shown();
    const edit = () => Promise.resolve(false);
    Object.assign(vscode.window, { activeTextEditor: { document: { version: 1 }, edit } });
    press('insert');
    await ended;
    assert.match(screen.messages.join(), /Nothing was inserted/);
    assert.deepEqual(await kept(window.session), [text]);
  });

  it('leaves nothing of itself in the list that a lock closes', async () => {
    const { session } = await (await scene('official')).unlocked();
    await session.generatorHistory.add('username', 'abacus');
    const ended = showGeneratorHistory({ session } as unknown as Parts);
    await until('the list', () => screen.inputs[0]?.shown.items !== undefined);
    assert.equal(shown(), 'abacus');
    await session.lock();
    await ended;
    assert.deepEqual(screen.inputs[0]!.shown.items, []);
  });
});
