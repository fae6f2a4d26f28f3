import assert from 'node:assert/strict';
import { actionsOn, itemAction } from '../../../src/ui/itemActions';
import { listedValue } from '../../../src/vault/read';
import { refText } from '../../support/fieldRef';
import { scenes } from '../../support/window';

const pattern = { uri: 'https://accounts\\.corp\\.example/.*', match: 4 };

/** The addresses of an item; which of them open; what a list shows for each, undefined: it is masked. */
const cases = [
  ['a pattern alone', [pattern], [], [pattern.uri]],
  ['a pattern that nothing marks', [pattern.uri, 'https://corp.example'], [1], [/accounts/, /corp/]],
  ['a pattern with brackets', [{ uri: 'https?://(www\\.)?shop\\.example/login', match: 4 }], [], [/shop/]],
  ['a pattern that would do as an address', [{ uri: 'https://corp.example/', match: 4 }], [], [/corp/]],
  ['a pattern before an address', [pattern, 'https://corp.example'], [1], [/accounts/, /corp/]],
  ['an app before an address', ['androidapp://com.example', 'https://corp.example'], [1], [/androidapp/, /corp/]],
  ['a password moved there by a server', ['hunter2', 'Tr0ub4dor&3'], [], [undefined, undefined]],
  ['a password in an address', ['https://robin:hunter2@corp.example/'], [0], [undefined]],
  [
    'a token in an address',
    ['https://ghp_token@corp.example/', 'https:///ghp_token@corp.example'],
    [0, 1],
    [undefined],
  ],
  ['a name in an address of something else', ['postgres://app@localhost:5432/db'], [], [undefined]],
  ['nothing but spaces', ['  '], [], [undefined]],
  ...[0, 1, 2, 3, 5, 77].map(
    (match) => [`match ${match}`, [{ uri: 'https://corp.example/x', match }], [0], [/corp/]] as const,
  ),
  ['names of a local network', ['my_nas.lan:5000', 'nas.home2'], [0, 1], [/my_nas/, /home2/]],
  ['blanks in a path', ['wiki.lan/My Page'], [0], [/My Page/]],
  ['no scheme, a port and a fragment', ['nas.lan:5000#/signin', 'localhost:3000'], [0, 1], [/nas/, /localhost/]],
] as const;

describe('What an item offers to open', () => {
  const scene = scenes();

  for (const ownKey of [false, true]) {
    it(`is the first address that a browser may be sent to${ownKey ? ', under a key of its own' : ''}`, async () => {
      const items = cases.map(([name, uris]) => ({ name, uris, ownKey }));
      const window = await (await scene('official', { items })).unlocked();
      const open = itemAction('vaultside.openInBrowser');
      for (const [name, , opening, listed] of cases) {
        const id = window.itemId(name);
        const fields = window.vault.fields(id);
        const opens = fields.flatMap((field) => (field.opens ? [refText(field.ref)] : []));
        assert.deepEqual(
          opens,
          opening.map((index) => `uri.${index}`),
          name,
        );
        assert.equal(window.vault.thoseThere(id, [open]).length, opening.length > 0 ? 1 : 0, name);
        for (const [index, field] of fields.entries()) {
          assert.equal(actionsOn(field).includes(open), field.opens, name);
          const shown = listedValue(window.vault, window.vault.item(id)!, field);
          const expected = listed[index];
          if (expected instanceof RegExp) assert.match(shown ?? '', expected, name);
          else assert.equal(shown, expected, name);
          assert.equal(field.masked, expected === undefined, name);
        }
      }
    });
  }
});
