import assert from 'node:assert/strict';
import { withoutObsolete } from '../../server/misbehaviours';
import { dialects, scenes } from '../../support/window';

describe('A server that leaves out what is obsolete', () => {
  const scene = scenes();

  for (const dialect of dialects) {
    for (const userKeyWithoutMac of [false, true]) {
      it(`${dialect}: has its vaults opened, by a user key of type ${userKeyWithoutMac ? 0 : 2}`, async () => {
        const at = await scene(dialect, {
          userKeyWithoutMac,
          organizations: [{ name: 'Acme', collections: ['Servers'] }],
          items: [
            { name: 'Own', password: 'of my own' },
            { name: 'Shared', password: 'of us all', organization: 'Acme', collections: ['Servers'] },
          ],
        });
        at.server.faults.arm(/token|profile|sync/, withoutObsolete);
        const window = await at.signedIn();
        await assert.rejects(window.session.unlock(at.password('wrong')), { name: 'WrongMasterPasswordError' });
        await window.unlock();
        assert.equal(window.read('Own', 'password'), 'of my own');
        assert.equal(window.read('Shared', 'password'), 'of us all');
      });
    }
  }
});
