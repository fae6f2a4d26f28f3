import assert from 'node:assert/strict';
import { VaultCache } from '../../../../src/account/storage/cache';
import { EncryptedVault } from '../../../../src/vault/encryptedVault';
import { Keyring } from '../../../../src/vault/keyring';
import { OpenVault } from '../../../../src/vault/openVault';
import { byName, sortedByName } from '../../../../src/vault/order';
import { manyItems } from '../../../server/manyItems';
import type { PlainItem } from '../../../server/items';
import { CountedSlices } from '../../../support/countedSlices';
import { fieldRef } from '../../../support/fieldRef';
import { Steps } from '../../../support/steps';
import { scenes, type EditorWindow } from '../../../support/window';
import { keyFromBase64 } from '../../../support/keys';

describe('search and order', () => {
  const scene = scenes();

  async function open(items: readonly PlainItem[]): Promise<EditorWindow> {
    const at = await scene('official', {
      items,
      organizations: [{ name: 'Grün GmbH', collections: ['Datenbanken'] }],
    });
    return at.unlocked();
  }

  type SearchOptions = Parameters<OpenVault['search']>[1];

  async function found(window: EditorWindow, query: string): Promise<(string | undefined)[]> {
    return (await window.vault.search(query, { putAway: true })).items.map(({ name }) => name);
  }

  it('lists by name as people sort: case aside, numbers by value, what cannot be read last', async () => {
    const at = await scene('official', {
      items: ['server 10', 'Server 9', 'éclair', 'Zebra', 'apple', 'server 2', 'broken'].map((name) => ({ name })),
    });
    at.account.ciphers[6]!.name = '2.AAAA|AAAA|AAAA';
    const window = await at.unlocked();
    assert.deepEqual(
      window.vault.items.map(({ name }) => name),
      ['apple', 'éclair', 'server 2', 'Server 9', 'server 10', 'Zebra', undefined],
    );
  });

  it('sorts as many names as anybody has, those of one name as they came, and leaves the thread to others', async () => {
    const items = Array.from({ length: 50_000 }, (_, at) => ({ name: `Server ${(at * 7919) % 25_000}`, at }));
    const expected = items.toSorted((a, b) => Number(a.name.slice(7)) - Number(b.name.slice(7)) || a.at - b.at);
    const slices = new CountedSlices();
    assert.deepEqual(await sortedByName(items, slices), expected);
    assert.ok(slices.pauses >= CountedSlices.pausesOf(2 * (items.length / 500)), `${slices.pauses} pauses`);
  });

  it('compares no more of a name than is ever shown: a name may have a million marks, which take minutes', async () => {
    const long = 'x'.repeat(200);
    const items = [`${long}b`, `${long}a`, long.slice(1)].map((name) => ({ name }));
    assert.deepEqual(
      (await sortedByName(items, new CountedSlices())).map(({ name }) => name.slice(199)),
      ['', 'xb', 'xa'],
    );
  });

  it('sorts names of all kinds as comparing each with each would, however they differ from the order of their letters', async () => {
    const parts = ['a', 'B', 'á', 'ß', 'ss', '-', '_', ' ', '7', '07', '12345678901', '日本', 'ж', 'İ', '', '🔑'];
    let seed = 1;
    const part = () => parts[(seed = (seed * 48271) % 2147483647) % parts.length]!;
    const items = Array.from({ length: 3_000 }, (_, at) => ({
      name: at % 50 === 0 ? undefined : `${part()}${part()}${part()}`,
      at,
    }));
    assert.deepEqual(await sortedByName(items, new CountedSlices()), items.toSorted(byName));
  });

  it('puts the best match first: start of the name, start of a word, the name, the username, the rest', async () => {
    const window = await open([
      { name: 'A rest', uris: ['https://git.example.test'] },
      { name: 'B user', username: 'git@example.test' },
      { name: 'C legit' },
      { name: 'D my git' },
      { name: 'Git' },
      { name: 'Unrelated' },
    ]);
    assert.deepEqual(await found(window, 'git'), ['Git', 'D my git', 'C legit', 'B user', 'A rest']);
  });

  for (const [query, names] of [
    ['git', ['Digital git server', 'Agitator']],
    [
      'git',
      ['Legit/git', 'Legit (git)', 'Legit_git', 'Legit-git', 'Legit.git', 'Legit git', '🔑git legit', 'Agitator'],
    ],
    ['hub', ['Chubby GitHub', 'Chub2Hub', 'GITHub', 'A Chub github']],
    ['console', ['My AWSConsole', 'Aconsoles']],
    ['sql', ['PostgreSQL', 'Amysql']],
    ['uber', ['Xuber Über', 'XÜBER über', 'Auber']],
    ['GIT', ['legit git', 'Agitator']],
    ['git server', ['Digital webserver: git server', 'Agitator webserver']],
    ['server git', ['Digital webserver: git server', 'Agitator webserver']],
    ['a', ['Cba a', 'Banana']],
    ['aa', ['Xaaa aa', 'Baaaa']],
    ['git', ['İgit git', 'Aİgit']],
  ] as const) {
    it(`looks at every place where "${query}" is in a name: ${names[0]} comes before ${names.at(-1)}`, async () => {
      const window = await open(names.map((name) => ({ name })));
      const better = names.slice(0, -1);
      const order = await found(window, query);
      assert.deepEqual(new Set(order.slice(0, better.length)), new Set(better), order.join(', '));
    });
  }

  it('puts whole words before beginnings of words, and favourites before others that are about as good', async () => {
    const window = await open([
      { name: 'Gitea' },
      { name: 'Gitlab', favorite: true },
      { name: 'My git' },
      { name: 'Git' },
      { name: 'Digital', favorite: true },
      { name: 'My gitter' },
    ]);
    assert.deepEqual(await found(window, 'git'), ['Git', 'Gitlab', 'My git', 'Gitea', 'Digital', 'My gitter']);
  });

  it('finds the favourite GitHub among many that have the word', async () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ name: `git server ${at}` }));
    const window = await open([...many, { name: 'GitHub', favorite: true }]);
    assert.equal((await found(window, 'git'))[0], 'GitHub');
    assert.equal((await found(window, 'github'))[0], 'GitHub');
  });

  it('finds by a pasted address what is stored of its host, with this port first, then what is above it', async () => {
    const window = await open([
      { name: 'a', uris: ['https://example.test'] },
      { name: 'b', uris: ['https://nas.example.test:5001'] },
      { name: 'c', uris: ['https://nas.example.test:5000/signin'] },
      { name: 'd', uris: ['https://www.nas.example.test'] },
      { name: 'e', uris: ['https://bananas.example.test', 'https://nas.example.test.evil.test'] },
      { name: 'nas.example.test' },
    ]);
    const names = await found(window, 'https://nas.example.test:5000/deep?link');
    assert.deepEqual(names, ['c', 'b', 'd', 'a', 'e']);
    assert.deepEqual(await found(window, 'https://other.test/'), []);
  });

  it('narrows by operators', async () => {
    const window = await open([
      { name: 'Mail', username: 'robin', folder: 'Work', favorite: true, totp: 'JBSWY3DPEHPK3PXP' },
      { name: 'Mail home', username: 'kim', uris: ['https://mail.test'], totp: '' },
      { name: 'Old mail', trashed: true },
      { name: 'Kept mail', archived: true },
      { name: 'Ours', organization: 'Grün GmbH', collections: ['Datenbanken'] },
      { name: 'Visa', type: 'card', details: { brand: 'Visa' } },
    ]);
    for (const [query, names] of [
      ['is:fav', ['Mail']],
      ['is:trash', ['Old mail']],
      ['is:archived', ['Kept mail']],
      ['has:totp', ['Mail']],
      ['type:card', ['Visa']],
      ['folder:work', ['Mail']],
      ['org:grun', ['Ours']],
      ['user:kim', ['Mail home']],
      ['url:mail', ['Mail home']],
      ['mail user:robin is:fav', ['Mail']],
      ['visa user:robin', []],
      ['mail is:', ['Mail', 'Kept mail', 'Mail home', 'Old mail']],
    ] as const) {
      assert.deepEqual((await found(window, query)).toSorted(), [...names].toSorted(), query);
    }
  });

  it('takes operators in quotes and half-typed ones, in any case', async () => {
    const window = await open([
      { name: 'Mail', username: 'robin b', folder: 'Büro Nord', favorite: true, totp: 'JBSWY3DPEHPK3PXP' },
      { name: 'Ours', organization: 'Grün GmbH', collections: ['Datenbanken'], uris: ['https://x.test/a b'] },
      { name: 'Old', trashed: true },
      { name: 'Kept', archived: true },
    ]);
    for (const [query, names] of [
      ['folder:"büro n"', ['Mail']],
      ['folder:"büro n', ['Mail']],
      ['folder:nord mail', ['Mail']],
      ['folder:"nord b"', []],
      ['ORG:"grün gmbh"', ['Ours']],
      ['user:"robin b"', ['Mail']],
      ['url:"a b"', ['Ours']],
      ['url:"x.test/a', ['Ours']],
      ['is:f', ['Mail']],
      ['is:favourite', ['Mail']],
      ['is:FAVORITE', ['Mail']],
      ['is:t', ['Old']],
      ['is:deleted', ['Old']],
      ['is:a', ['Kept']],
      ['is:arch kept', ['Kept']],
      ['is:arch old', []],
      ['has:o', ['Mail']],
      ['has:code', ['Mail']],
      ['type:"login" mail', ['Mail']],
      ['type:car', []],
      ['folder: org: user: url: is: has: type: mail', ['Mail']],
      ['is:nonsense', []],
      ['user:"robin\nours"', []],
    ] as const) {
      assert.deepEqual(
        (await window.vault.search(query)).items.map(({ name }) => name),
        names,
        query,
      );
    }
  });

  it('leaves out what is archived or trashed unless the query asks for it, and says how much of it is archived', async () => {
    const window = await open([
      { name: 'git' },
      { name: 'git old', archived: true },
      { name: 'git older', archived: true },
      { name: 'git gone', trashed: true },
      { name: 'git old and gone', archived: true, trashed: true },
      { name: 'other', archived: true },
    ]);
    for (const [query, names, archived] of [
      ['git', ['git'], 2],
      ['', ['git'], 3],
      ['oth', [], 1],
      ['is:archived', ['git old', 'git older', 'other'], 0],
      ['git is:archived', ['git old', 'git older'], 0],
      ['is:trash', ['git gone', 'git old and gone'], 0],
      ['is:trash is:archived', ['git old and gone'], 0],
      ['is:fav', [], 0],
    ] as const) {
      const found = await window.vault.search(query);
      assert.deepEqual([found.items.map(({ name }) => name), found.archived], [names, archived], query);
    }
    const all = await window.vault.search('git', { putAway: true });
    assert.deepEqual(
      [all.items.map(({ name }) => name), all.archived],
      [['git', 'git old', 'git older', 'git gone', 'git old and gone'], 0],
    );
  });

  it('finds items by the names of their custom fields, after usernames and before the rest, never by the values', async () => {
    const field = (name: string, value = 'x') => [{ name, value }];
    const window = await open([
      { name: 'A', uris: ['https://npm_token.test'] },
      { name: 'B', fields: [{ type: 'hidden', name: 'NPM_TOKEN', value: 'secret' }], reprompt: true },
      { name: 'C', username: 'npm_token' },
      { name: 'D', fields: field('x', 'NPM_TOKEN') },
      {
        name: 'E',
        organization: 'Grün GmbH',
        fields: [{ type: 'hidden', name: 'Npm_Tökens', value: 'x' }],
        ownKey: true,
      },
      { name: 'npm_token' },
      { name: 'F', fields: field('one npm'), notes: '_token' },
      { name: 'G', sealed: true, fields: field('npm_token 2') },
    ]);
    assert.deepEqual(await found(window, 'NPM_TOKEN'), ['npm_token', 'C', 'B', 'E', 'G', 'A']);
    assert.deepEqual(await found(window, 'npm'), ['npm_token', 'C', 'B', 'E', 'F', 'G', 'A']);
    assert.deepEqual(await found(window, 'secret'), []);
  });

  it('puts what was used, favourites and what belongs to the hosts before others that are about as good', async () => {
    const window = await open([
      { name: 'git' },
      { name: 'git a' },
      { name: 'git b' },
      { name: 'git c', favorite: true },
      { name: 'gitea' },
      { name: 'github', uris: ['https://github.com/login'] },
      { name: 'gitlab' },
      { name: 'legit', favorite: true },
    ]);
    const id = (name: string) => window.itemId(name);
    const order = async (options: SearchOptions) =>
      (await window.vault.search('git', options)).items.map(({ name }) => name);
    assert.deepEqual(await order({}), ['git c', 'git', 'git a', 'git b', 'gitea', 'github', 'gitlab', 'legit']);
    const recent = [id('gitlab'), id('git b'), 'gone', id('gitea'), id('git c')];
    assert.deepEqual(
      await order({ recent }),
      ['git b', 'git c', 'git', 'gitlab', 'gitea', 'git a', 'github', 'legit'],
      'used',
    );
    assert.deepEqual(
      await order({ hosts: ['github.com'] }),
      ['git c', 'git', 'github', 'git a', 'git b', 'gitea', 'gitlab', 'legit'],
      'of this host',
    );
    assert.deepEqual(await order({ recent: [id('legit')] }), await order({}), 'used, and nowhere near as good');
  });

  it('says which items belong to the hosts that one works on, not all that are in the same domain', async () => {
    const window = await open([
      { name: 'a', uris: ['https://corp.test'] },
      { name: 'b', uris: ['https://git.corp.test/x', 'https://other.test'] },
      { name: 'c', uris: ['https://www.git.corp.test'] },
      { name: 'd', uris: ['https://mail.corp.test', 'https://mygit.corp.test', 'https://git.corp.test.evil.test'] },
      { name: 'e', uris: ['https://git.corp.test'], archived: true },
      { name: 'f', uris: ['https://git.corp.test'], trashed: true },
      { name: 'g', uris: ['https://co.uk'] },
      { name: 'git.corp.test' },
    ]);
    const at = async (...hosts: string[]) => (await window.vault.itemsAt(hosts)).map(({ name }) => name);
    assert.deepEqual(await at('git.corp.test'), ['b', 'c', 'a']);
    assert.deepEqual(await at('GIT.corp.test:2222'), ['b', 'c', 'a']);
    assert.deepEqual(await at('ssh.corp.test'), ['a']);
    assert.deepEqual(await at('shop.co.uk', '', 'no host', 'a/b', '[', 'x'.repeat(10_000)), []);
    assert.deepEqual(await at(), []);
  });

  it('keeps equals in the order of the list', async () => {
    const window = await open(['git c', 'git a', 'git b'].map((name) => ({ name })));
    assert.deepEqual(await found(window, 'git'), ['git a', 'git b', 'git c']);
  });

  it('wants every word, in any order and place', async () => {
    const window = await open([
      { name: 'Mail', username: 'someone@example.test', folder: 'Work' },
      { name: 'Mail', username: 'other@example.test', folder: 'Home' },
    ]);
    assert.equal((await window.vault.search('work mail')).items.length, 1);
    assert.equal((await window.vault.search('mail someone work')).items.length, 1);
    assert.equal((await window.vault.search('mail someone home')).items.length, 0);
  });

  it('minds neither case nor accents nor how they are encoded', async () => {
    const window = await open([{ name: 'Müller' }, { name: 'MU\u0308LLER 2' }]);
    for (const query of ['muller', 'MÜLLER', 'mu\u0308ller', ' müller ']) {
      assert.equal((await found(window, query)).length, 2, query);
    }
  });

  it('looks into addresses, folders, collections and organisations', async () => {
    const window = await open([
      { name: 'One', uris: ['https://vpn.example.test/'], folder: 'Netze/Büro' },
      { name: 'Two', organization: 'Grün GmbH', collections: ['Datenbanken'] },
    ]);
    for (const query of ['vpn.example', 'buro', 'netze']) assert.deepEqual(await found(window, query), ['One'], query);
    for (const query of ['grun', 'datenb']) assert.deepEqual(await found(window, query), ['Two'], query);
  });

  it('never looks into secrets', async () => {
    const window = await open([
      { name: 'One', password: 'findme', totp: 'FINDME22', notes: 'findme', fields: [{ name: 'x', value: 'findme' }] },
    ]);
    assert.deepEqual(await found(window, 'findme'), []);
  });

  it('yields all for an empty query, the trash last', async () => {
    const window = await open([{ name: 'A', trashed: true }, { name: 'B' }, { name: 'C' }]);
    assert.deepEqual(await found(window, ''), ['B', 'C', 'A']);
    assert.deepEqual(await found(window, '  '), ['B', 'C', 'A']);
  });

  it('takes any text for text', async () => {
    const window = await open([{ name: 'a.b*c' }, { name: 'abc' }]);
    assert.deepEqual(await found(window, '.b*'), ['a.b*c']);
    assert.deepEqual(await found(window, '[('), []);
  });

  it('leaves the thread to others while 10,000 items are opened and searched', async function () {
    this.timeout(120_000);
    const at = await scene('official', { items: manyItems(10_000) });
    await at.signedIn();
    const cached = await new VaultCache(at.files.view(new Steps())).read(at.accountId);
    const encrypted = await EncryptedVault.of(cached!.elements, 'the cache');
    const keyring = new Keyring(keyFromBase64(at.account.plainUserKey));
    const opening = new CountedSlices();
    const vault = await OpenVault.open(encrypted, keyring, { slices: opening });
    assert.equal(vault.items.length, 10_000);
    // A step is 50 items that are decrypted, 500 that are sorted, or 500 that are made ready for a search or searched.
    assert.ok(opening.pauses >= CountedSlices.pausesOf(10_000 / 50), `${opening.pauses} pauses while opening`);
    const searching = new CountedSlices();
    assert.equal((await vault.search('needle', { slices: searching })).items.length, 100);
    assert.ok(
      searching.pauses >= CountedSlices.pausesOf((2 * 10_000) / 500),
      `${searching.pauses} pauses while searching`,
    );
  });

  it('never shows the secrets of one item under the name of another that has its id', async () => {
    const at = await scene('official', { items: ['Bank', 'Forum'].map((name) => ({ name, password: `of ${name}` })) });
    const [bank, forum] = at.account.ciphers;
    Object.assign(forum!, { id: bank!.id });
    const window = await at.unlocked();
    assert.deepEqual(
      window.vault.items.map(({ id, name }) => [name, window.vault.read(id, fieldRef('password'))]),
      [['Bank', 'of Bank']],
    );
  });
});
