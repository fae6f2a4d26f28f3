import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewFile, SourceFile } from '../../../../src/base/ports';
import {
  CancelledError,
  EncStringFormatError,
  FileTooLargeError,
  HttpError,
  MacMismatchError,
  MalformedAnswerError,
  NetworkError,
  NotFoundError,
  RedirectRefusedError,
  UnsupportedEncryptionError,
} from '../../../../src/bitwarden/errors';
import { openText } from '../../../../src/bitwarden/crypto/open';
import { unwrapSymmetricKey } from '../../../../src/bitwarden/crypto/keyWrapping';
import {
  ChangeUnknownError,
  LocalFileError,
  LockedError,
  NotAllowedError,
  NotReadableError,
  RepromptRequiredError,
  TooLongError,
} from '../../../../src/vault/errors';
import { fileFaults, misbehaviours, redirectTo } from '../../../server/misbehaviours';
import { anyKeyFromBase64 } from '../../../support/keys';
import { until } from '../../../support/until';
import { dialects, type EditorWindow, type Scene, scenes } from '../../../support/window';

/** Longer than what is decrypted at once, and no multiple of a block. */
const content = randomBytes(300_001);
const fileName = 'böse ‮ names.txt';
const organizations = [{ name: 'Org', collections: ['Team'] }];
const inOrganization = { organization: 'Org', collections: ['Team'] };

const announcing = /^POST \/api\/ciphers\/[^/]+\/attachment\/v2$/;
const fetching = /^GET \/(?:attachments|azure)\//;
const sending = /^(?:POST \/api\/ciphers\/[^/]+\/attachment\/(?!v2$)|PUT \/azure\/)/;

describe('files of items', () => {
  const scene = scenes();

  async function begin(dialect: (typeof dialects)[number], options: Parameters<typeof scene>[1] = {}) {
    const items = [{ name: 'Item', attachments: [{ fileName, content }] }];
    const at = await scene(dialect, { items, premium: true, ...options });
    const window = await at.unlocked();
    await mkdir(at.folder, { recursive: true });
    at.server.requests.clear();
    return { at, window };
  }

  const filesOf = (window: EditorWindow, item = 'Item') => window.vault.details(window.itemId(item))!.attachments;
  const storedOn = (at: Scene) => at.account.ciphers.flatMap(({ attachments }) => attachments);

  function download(at: Scene, window: EditorWindow, options = {}, name = 'Item', begins?: () => Promise<NewFile>) {
    const which = { itemId: window.itemId(name), attachmentId: filesOf(window, name)[0]!.id };
    const target = join(at.folder, 'saved');
    return window.session.downloadAttachment(which, begins ?? (() => at.local.saved(target, false)), options);
  }

  async function source(at: Scene, bytes = content, name = 'new ü.bin'): Promise<SourceFile> {
    await writeFile(join(at.folder, name), bytes);
    return at.local.source(join(at.folder, name));
  }

  /** What is on the machine beside `kept`: nothing of a transfer, in clear or encrypted. */
  async function leftBehind(at: Scene, ...kept: string[]): Promise<string[]> {
    const all = await readdir(at.folder, { recursive: true, withFileTypes: true });
    return all.flatMap((entry) => (entry.isFile() && !kept.includes(entry.name) ? [entry.name] : []));
  }

  for (const dialect of dialects) {
    describe(dialect, () => {
      const shapes = {
        'under a key of their own': {},
        'in an item with a key of its own': { ownKey: true },
        'of an organization': inOrganization,
        'of an organization, in an item with a key of its own': { ...inOrganization, ownKey: true },
      };
      for (const [shape, item] of Object.entries(shapes)) {
        it(`are read, and so are those of the first years: ${shape}`, async () => {
          const attachments = [{ fileName, content }];
          const old = [{ fileName, content, isOld: true }];
          const items = [
            { name: 'Item', attachments, ...item },
            { name: 'Old', attachments: old, ...item },
          ];
          const { at, window } = await begin(dialect, { items, organizations });
          for (const name of ['Item', 'Old']) {
            const target = join(at.folder, name);
            await download(at, window, {}, name, () => at.local.saved(target, false));
            assert.ok(content.equals(await readFile(target)), name);
            assert.equal(filesOf(window, name)[0]?.name, fileName);
            if (process.platform !== 'win32') assert.equal((await stat(target)).mode & 0o777, 0o600);
          }
          assert.deepEqual(await leftBehind(at, 'Item', 'Old'), []);
          const fetches = at.server.requests.to().filter(({ method, path }) => fetching.test(`${method} ${path}`));
          assert.equal(fetches.length, 2);
          for (const { headers } of fetches) {
            const told = ['authorization', 'device-identifier', 'device-type', 'bitwarden-client-name'];
            assert.deepEqual(
              told.filter((name) => name in headers),
              [],
            );
          }
        });

        it(`are added: ${shape}`, async () => {
          const items = [{ name: 'Item', ...item }];
          const { at, window } = await begin(dialect, { items, organizations });
          const other = await at.open();
          await other.unlock();
          at.server.requests.clear();
          const progress: number[] = [];
          const onProgress = (bytes: number) => progress.push(bytes);
          await window.session.addAttachment(window.itemId('Item'), await source(at), { onProgress });
          const [file] = filesOf(window);
          assert.deepEqual([file?.name, file?.size], ['new ü.bin', storedOn(at)[0]?.size]);
          assert.ok(progress.at(-1)! >= content.length && progress.every((bytes, i) => bytes > (progress[i - 1] ?? 0)));
          await until('the other window shows it', () => filesOf(other).length === 1);
          assert.equal(at.server.requests.count('GET /api/sync'), 0);
          await download(at, other);
          assert.ok(content.equals(await readFile(join(at.folder, 'saved'))));
          assert.deepEqual(await leftBehind(at, 'saved', 'new ü.bin'), []);
          await window.session.sync({ force: true });
          assert.equal(filesOf(window).length, 1);
        });
      }

      it('that are empty, of a block and about as long as what is decrypted at once come and go whole', async () => {
        const { at, window } = await begin(dialect, { items: [{ name: 'Item' }] });
        for (const length of [0, 1, 15, 16, 17, 944 * 64 - 1, 944 * 64, 944 * 64 + 16, 65_536]) {
          const bytes = randomBytes(length);
          await window.session.addAttachment(window.itemId('Item'), await source(at, bytes));
          await download(at, window, {}, 'Item', () => at.local.saved(join(at.folder, 'saved'), true));
          assert.ok(bytes.equals(await readFile(join(at.folder, 'saved'))), `${length} bytes`);
          await window.session.deleteAttachment(window.itemId('Item'), filesOf(window)[0]!.id);
        }
      });

      it('that do not arrive as they were sent leave nothing behind', async () => {
        const { at, window } = await begin(dialect);
        const faults = [
          [fileFaults.changed, MacMismatchError],
          [fileFaults.otherMac, MacMismatchError],
          [fileFaults.shorter, MacMismatchError],
          [fileFaults.longer, MacMismatchError],
          [fileFaults.uneven, EncStringFormatError],
          [fileFaults.empty, EncStringFormatError],
          [fileFaults.withoutMac, UnsupportedEncryptionError],
          [misbehaviours.loginPage, UnsupportedEncryptionError],
          [misbehaviours.cutOff, NetworkError],
          [misbehaviours.serverError, HttpError],
          [redirectTo('https://elsewhere.test/'), RedirectRefusedError],
          [redirectTo('file:///etc/passwd'), RedirectRefusedError],
          [{ kind: 'answer', reply: { status: 404 } }, NotFoundError],
        ] as const;
        for (const [fault, error] of faults) {
          const armed = at.server.faults.arm(fetching, fault);
          await assert.rejects(download(at, window), error, JSON.stringify(fault));
          armed.remove();
        }
        assert.deepEqual(await leftBehind(at), []);
        await download(at, window);
        assert.deepEqual(await leftBehind(at), ['saved']);
      });

      it('are fetched from no address that must not be used', async () => {
        const { at, window } = await begin(dialect);
        for (const url of [
          'http://elsewhere.test/file',
          'file:///etc/passwd',
          'https://user:password@elsewhere.test/',
          '/attachments/x',
          '',
        ]) {
          const change = (answer: Record<string, unknown>) => ({ ...answer, url });
          const armed = at.server.faults.arm(/\/attachment\//, { kind: 'json', change });
          await assert.rejects(download(at, window), MalformedAnswerError, url);
          armed.remove();
        }
        assert.deepEqual(
          at.server.requests.to().filter(({ path }) => fetching.test(`GET ${path}`)),
          [],
        );
      });

      for (const [what, end, error] of [
        ['cancelled', (abort: AbortController) => abort.abort(), CancelledError],
        ['cut short by a lock', (_: AbortController, { session }: EditorWindow) => session.lock(), LockedError],
      ] as const) {
        it(`leave nothing behind when they are ${what}, on this machine and on the server`, async () => {
          const { at, window } = await begin(dialect);
          const abort = new AbortController();
          const held = at.server.faults.arm(fetching, misbehaviours.holdAnswer, 1);
          await Promise.all([
            assert.rejects(download(at, window, { signal: abort.signal }), error),
            held.arrived().then(() => end(abort, window)),
          ]);
          held.remove();
          await until('no file is left', async () => (await leftBehind(at)).length === 0);

          if (window.session.state.kind === 'locked') await window.unlock();
          const again = new AbortController();
          const file = await source(at);
          const heldSending = at.server.faults.arm(sending, misbehaviours.hold, 1);
          await Promise.all([
            assert.rejects(window.session.addAttachment(window.itemId('Item'), file, { signal: again.signal }), error),
            heldSending.arrived().then(() => end(again, window)),
          ]);
          heldSending.remove();
          await until('only the first one is there', () => storedOn(at).length === 1);
          await until('no file is left', async () => (await leftBehind(at, file.name)).length === 0);
        });
      }

      it('end with what the disk says, and leave nothing behind', async () => {
        const { at, window } = await begin(dialect);
        const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
        const isFull = (error: unknown) => error instanceof LocalFileError && error.code === 'ENOSPC';
        const filling = async (): Promise<NewFile> => {
          const file = await at.local.saved(join(at.folder, 'saved'), false);
          let pieces = 0;
          const write = (piece: Uint8Array) => (++pieces > 2 ? Promise.reject(full) : file.write(piece));
          return { ...file, write };
        };
        await assert.rejects(download(at, window, {}, 'Item', filling), isFull);
        await assert.rejects(
          download(at, window, {}, 'Item', () => Promise.reject(full)),
          isFull,
        );
        await writeFile(join(at.folder, 'saved'), 'of before');
        const exists = (error: unknown) => error instanceof LocalFileError && error.code === 'EEXIST';
        await assert.rejects(download(at, window), exists);
        assert.equal(await readFile(join(at.folder, 'saved'), 'utf8'), 'of before');
        assert.deepEqual(await leftBehind(at, 'saved'), []);
      });

      it('are never there twice, or by half, where an answer is lost', async () => {
        const { at, window } = await begin(dialect, { items: [{ name: 'Item' }] });
        const file = await source(at);
        for (const route of [announcing, sending]) {
          for (const fault of [misbehaviours.dropAnswer, misbehaviours.drop, misbehaviours.serverError] as const) {
            at.server.requests.clear();
            at.server.faults.arm(route, fault, 1);
            await assert.rejects(
              window.session.addAttachment(window.itemId('Item'), file),
              fault.kind === 'answer' ? HttpError : NetworkError,
            );
            assert.deepEqual([storedOn(at).length, filesOf(window).length], [0, 0], `${String(route)} ${fault.kind}`);
            const sent = at.server.requests.to().filter(({ method, path }) => route.test(`${method} ${path}`));
            assert.equal(sent.length, 1);
          }
        }
        await window.session.addAttachment(window.itemId('Item'), file);
        assert.deepEqual([storedOn(at).length, filesOf(window).length], [1, 1]);
      });

      it('that may be there by half are told as unknown', async () => {
        const { at, window } = await begin(dialect, { items: [{ name: 'Item' }] });
        const file = await source(at);
        at.server.faults.arm(sending, misbehaviours.drop, 1);
        const deleting = at.server.faults.arm(/^DELETE /, misbehaviours.drop);
        await assert.rejects(window.session.addAttachment(window.itemId('Item'), file), ChangeUnknownError);
        deleting.remove();
        assert.equal(filesOf(window).length, 1);
        await window.session.deleteAttachment(window.itemId('Item'), filesOf(window)[0]!.id);
        assert.deepEqual([storedOn(at).length, filesOf(window).length], [0, 0]);
      });

      it('are deleted once, also where the answer is lost or another client was first', async () => {
        const attachments = ['one', 'two', 'three'].map((each) => ({ fileName: each, content }));
        const { at, window } = await begin(dialect, { items: [{ name: 'Item', attachments }] });
        const id = window.itemId('Item');
        const [one, two, three] = filesOf(window).map((each) => each.id);
        await window.session.deleteAttachment(id, one!);
        assert.equal(at.server.requests.count('GET /api/sync'), 0);
        at.server.faults.arm(/^DELETE /, misbehaviours.dropAnswer, 1);
        await window.session.deleteAttachment(id, two!);
        assert.deepEqual(
          filesOf(window).map(({ name }) => name),
          ['three'],
        );
        at.server.clock.advance(1);
        at.account.ciphers[0]!.attachments.splice(0);
        at.server.touch();
        await window.session.deleteAttachment(id, three!);
        assert.deepEqual(filesOf(window), []);
        await assert.rejects(window.session.deleteAttachment(id, three!), NotReadableError);
      });

      it('of an item that asks for the master password are read and deleted with it alone', async () => {
        const items = [{ name: 'Item', reprompt: true, attachments: [{ fileName, content }] }];
        const { at, window } = await begin(dialect, { items });
        const [id, file] = [window.itemId('Item'), filesOf(window)[0]!.id];
        await assert.rejects(download(at, window), RepromptRequiredError);
        await assert.rejects(window.session.deleteAttachment(id, file), RepromptRequiredError);
        assert.equal(at.server.requests.count(), 0);
        const proof = await window.session.proveMasterPassword(at.password());
        await download(at, window, { proof });
        await window.session.deleteAttachment(id, file, proof);
        assert.equal(storedOn(at).length, 0);
      });

      it('are not sent where the user may not, or the server would refuse', async () => {
        const readOnly = { name: 'Read only', ...inOrganization, edit: false, attachments: [{ fileName, content }] };
        const { at, window } = await begin(dialect, { items: [{ name: 'Item' }, readOnly], organizations });
        const id = window.itemId('Read only');
        const { session } = window;
        await assert.rejects(session.addAttachment(id, await source(at)), NotAllowedError);
        await assert.rejects(session.deleteAttachment(id, filesOf(window, 'Read only')[0]!.id), NotAllowedError);
        const huge = { ...(await source(at)), size: 501 * 1024 * 1024 };
        await assert.rejects(session.addAttachment(window.itemId('Item'), huge), FileTooLargeError);
        const long = { ...(await source(at)), name: 'x'.repeat(1000) };
        await assert.rejects(session.addAttachment(window.itemId('Item'), long), TooLongError);
        assert.equal(at.server.requests.count(), 0);
        await download(at, window, {}, 'Read only');
      });
    });
  }

  it('may take longer than the time limit, as long as something arrives', async () => {
    const { at } = await begin('vaultwarden');
    at.timeoutMs = 200;
    const slow = await at.open();
    await slow.unlock();
    at.server.faults.arm(fetching, fileFaults.slow, 1);
    await download(at, slow);
    at.server.faults.arm(fetching, misbehaviours.hold);
    await assert.rejects(
      download(at, slow, {}, 'Item', () => at.local.saved(join(at.folder, 'held'), false)),
      (error) => error instanceof NetworkError && error.reason === 'timeout',
    );
  });

  it('are refused without premium, in the words of the official server', async () => {
    const { at, window } = await begin('official', { items: [{ name: 'Item' }], premium: false });
    await assert.rejects(
      window.session.addAttachment(window.itemId('Item'), await source(at)),
      (error) => error instanceof HttpError && (error.serverMessage ?? '').includes('premium'),
    );
    assert.deepEqual(await leftBehind(at, 'new ü.bin'), []);
  });

  for (const kind of ['xChaCha20Poly1305', 'xAes256Gcm'] as const) {
    it(`of an account of generation 2 (${kind}): a new one has a key of 64 bytes, the first ones are of type 7`, async () => {
      const items = [
        { name: 'Item', attachments: [{ fileName, content, isOld: true }] },
        { name: 'Sealed', sealed: true },
      ];
      const { at, window } = await begin('official', { items, v2: { userKey: kind, signature: 'ed25519' } });
      await download(at, window);
      assert.ok(content.equals(await readFile(join(at.folder, 'saved'))));
      for (const name of ['Item', 'Sealed']) {
        await window.session.addAttachment(window.itemId(name), await source(at));
        assert.equal(filesOf(window, name).at(-1)?.name, 'new ü.bin');
      }
      const { key, fileName: sealed } = at.account.ciphers.find(({ blob }) => blob === null)!.attachments.at(-1)!;
      const userKey = anyKeyFromBase64(at.account.plainUserKey);
      assert.equal(unwrapSymmetricKey(key!, userKey).kind, 'aesCbcHmac');
      assert.equal(openText(sealed!, userKey), 'new ü.bin');
    });
  }
}).timeout(60_000);
