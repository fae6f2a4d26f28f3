import assert from 'node:assert/strict';
import { keyLabel, keysLine, openingKey, searchBindings } from '../../../../src/ui/search/searchKeys';

describe('The keys of a search', () => {
  it('stand in its title as this system writes them, with what is copied first, and fit there', () => {
    assert.match(keysLine('linux'), /^Copy: ↵ Password, Ctrl\+↵ Username, Shift\+↵ Code · Alt\+↵ Insert · /);
    assert.match(keysLine('darwin'), /^Copy: ↵ Password, ⌘↵ Username, ⇧↵ Code · ⌥↵ Insert · /);
    // Some hundred characters are as wide as the list.
    for (const system of ['win32', 'linux', 'darwin'] as const) assert.ok(keysLine(system).length <= 101);
  });

  it('tell where it was opened: from a terminal by a binding that comes before the other', () => {
    const opening = searchBindings().filter(({ command }) => command === openingKey.command);
    assert.deepEqual(
      opening.map(({ when, args }) => [when, args]),
      [
        [undefined, undefined],
        ['terminalFocus', 'terminal'],
      ],
    );
  });

  it('are written out on the buttons', () => {
    const key = { key: 'ctrl+shift+enter', mac: 'shift+cmd+enter' };
    assert.equal(keyLabel(key, 'win32'), 'Ctrl+Shift+Enter');
    assert.equal(keyLabel(key, 'darwin'), '⇧⌘↵');
  });
});
