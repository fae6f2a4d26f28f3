import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/base/event';
import { contentRef, type FieldRef, notesRef } from '../../../../src/vault/fields';
import type { Wanted } from '../../../../src/vault/itemFields';
import { type Copied, FollowUp } from '../../../../src/ui/search/followUp';
import { listedItem } from '../../../support/listedItem';
import { ManualClock } from '../../../support/manualClock';

describe('What follows what was copied', () => {
  const item = listedItem({ id: 'github', name: 'GitHub' });
  const begin = (names: readonly string[] = ['username', 'password', 'totp']) => {
    const [copies, locks, clock] = [new Emitter<Copied>(), new Emitter<undefined>(), new ManualClock()];
    const followUp = new FollowUp({ onDidCopy: copies.event, onDidLock: locks.event, clock });
    const vault = {
      item: (id: string) => (id === item.id ? item : undefined),
      thoseThere: <W extends Wanted>(_: string, wanted: readonly W[]) =>
        wanted.filter(({ fits }) => names.some((name) => fits(contentRef(name)))),
    };
    return {
      clock,
      lock: () => locks.fire(undefined),
      copy: (ref: FieldRef, itemId = item.id) => copies.fire({ accountId: 'one', itemId, ref }),
      ofAnother: () => followUp.next('another', vault),
      label: () => followUp.next('one', vault)?.label,
      next: () => followUp.next('one', vault)?.command,
      end: () => followUp.dispose(),
    };
  };

  it('is the password after the username, and the code after the password', () => {
    const { copy, next, label, ofAnother } = begin();
    assert.equal(next(), undefined);
    copy(contentRef('username'));
    assert.deepEqual([label(), next()], ['Password of GitHub', 'vaultside.copyPassword']);
    copy(contentRef('password'));
    assert.deepEqual([label(), next()], ['TOTP code of GitHub', 'vaultside.copyTotp']);
    assert.equal(ofAnother(), undefined, 'an account whose server knows the same item');
    copy(contentRef('totp'));
    assert.equal(next(), undefined);
  });

  it('is what the item has, and nothing after what else was copied', () => {
    const withoutCode = begin(['username', 'password']);
    withoutCode.copy(contentRef('password'));
    assert.equal(withoutCode.next(), undefined);
    const withoutPassword = begin(['username', 'totp']);
    withoutPassword.copy(contentRef('username'));
    assert.equal(withoutPassword.next(), 'vaultside.copyTotp');
    const { copy, next } = begin();
    copy(contentRef('password'));
    copy(notesRef);
    assert.equal(next(), undefined);
    copy(contentRef('password'), 'gone');
    assert.equal(next(), undefined);
  });

  it('is offered for a minute, and until the vault locks', () => {
    const { clock, copy, lock, next, end } = begin();
    copy(contentRef('password'));
    clock.advance(59_999);
    assert.equal(next(), 'vaultside.copyTotp');
    clock.advance(1);
    assert.equal(next(), undefined);
    copy(contentRef('password'));
    lock();
    assert.equal(next(), undefined);
    end();
    copy(contentRef('password'));
    assert.equal(next(), undefined);
  });
});
