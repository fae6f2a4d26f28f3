import assert from 'node:assert/strict';
import { parseQuery } from '../../../../src/vault/search/query';

const nothing = { words: [], filters: [], hosts: [] };

describe('What is typed into the search', () => {
  for (const [query, parsed] of [
    ['', {}],
    ['  GitHub  Über ', { words: ['github', 'uber'] }],
    ['is:fav', { filters: [{ kind: 'favorite' }] }],
    ['IS:Favourite', { filters: [{ kind: 'favorite' }] }],
    ['is:trash is:archived', { filters: [{ kind: 'trashed' }, { kind: 'archived' }] }],
    ['has:totp git', { filters: [{ kind: 'hasCode' }], words: ['git'] }],
    ['type:ssh', { filters: [{ kind: 'type', types: ['sshKey'] }] }],
    ['type:"ssh key"', { filters: [{ kind: 'type', types: ['sshKey'] }] }],
    ['type:"Secure note"', { filters: [{ kind: 'type', types: ['secureNote'] }] }],
    ['type:"Driver’s license"', { filters: [{ kind: 'type', types: ['driversLicense'] }] }],
    [`type:'`, { words: [`type:'`] }],
    ['type:note', { filters: [{ kind: 'type', types: ['secureNote'] }] }],
    ['folder:"Büro Nord" git', { filters: [{ kind: 'folder', text: 'buro nord' }], words: ['git'] }],
    ['folder:"still open', { filters: [{ kind: 'folder', text: 'still open' }] }],
    [
      'org:northwind user:robin',
      {
        filters: [
          { kind: 'organization', text: 'northwind' },
          { kind: 'username', text: 'robin' },
        ],
      },
    ],
    ['url:nas.lan:5000', { filters: [{ kind: 'address', text: 'nas.lan:5000' }] }],
    ['is: type: folder:', {}],
    ['is:nothing has:hair type:fish', { words: ['is:nothing', 'has:hair', 'type:fish'] }],
    ['constructor:x __proto__:x is:constructor', { words: ['constructor:x', '__proto__:x', 'is:constructor'] }],
    ['localhost:3000', { words: ['localhost:3000'] }],
    ['github.com', { words: ['github.com'] }],
    ['https://gist.github.com/robin?x=1#y', { hosts: ['gist.github.com', 'github.com'] }],
    ['github.com/login', { hosts: ['github.com'] }],
    ['https://robin:secret@nas.lan:5000/', { hosts: ['nas.lan:5000', 'nas.lan'] }],
    ['https://192.168.1.7:8443/x', { hosts: ['192.168.1.7:8443', '192.168.1.7'] }],
    ['https://shop.example.co.uk/', { hosts: ['shop.example.co.uk', 'example.co.uk'] }],
    ['https://[::1]:8080/', { hosts: ['[::1]:8080', '[::1]'] }],
    ['and/or', { words: ['and/or'] }],
  ] as const) {
    it(`is taken apart: ${query || 'nothing'}`, () => {
      assert.deepEqual(parseQuery(query), { ...nothing, ...parsed });
    });
  }

  it('is taken apart at once, however long it is', () => {
    for (const query of ['folder:"'.repeat(50_000), 'a:'.repeat(50_000), `https://${'a.'.repeat(50_000)}/`]) {
      assert.ok(parseQuery(query));
    }
  });
});
