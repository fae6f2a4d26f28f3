import assert from 'node:assert/strict';
import { RepromptGrace } from '../../../../src/ui/values/repromptGrace';
import { Keyring } from '../../../../src/vault/keyring';
import { MasterPasswordProof } from '../../../../src/vault/masterPasswordProof';
import { generateKey } from '../../../support/keys';
import { ManualClock } from '../../../support/manualClock';

const proof = new MasterPasswordProof(new Keyring(generateKey()));
const other = new MasterPasswordProof(new Keyring(generateKey()));

function scene() {
  const clock = new ManualClock();
  const grace = new RepromptGrace(clock);
  return { clock, grace };
}

describe('The grace after the master password was given for an item', () => {
  it('lasts for a minute, however often it is used', () => {
    const { clock, grace } = scene();
    grace.keep('bank', proof);
    for (let second = 0; second < 60; second++) {
      assert.equal(grace.proofFor('bank'), proof, `${second} s`);
      clock.advance(1_000);
    }
    assert.equal(grace.proofFor('bank'), undefined);
  });

  it('counts for that item alone, and for the last one only', () => {
    const { grace } = scene();
    grace.keep('bank', proof);
    assert.equal(grace.proofFor('mail'), undefined);
    assert.equal(grace.proofFor('bank'), proof);
    grace.keep('mail', other);
    assert.equal(grace.proofFor('bank'), undefined);
    assert.equal(grace.proofFor('mail'), other);
  });

  it('of a second item is not cut short by the time of the first', () => {
    const { clock, grace } = scene();
    grace.keep('bank', proof);
    clock.advance(50_000);
    grace.keep('mail', other);
    clock.advance(50_000);
    assert.equal(grace.proofFor('mail'), other);
  });

  it('is over at once when it is ended', () => {
    const { grace } = scene();
    grace.keep('bank', proof);
    grace.end();
    assert.equal(grace.proofFor('bank'), undefined);
  });

  it('is over after a sleep, and no longer where the clock is put back', () => {
    const { clock, grace } = scene();
    grace.keep('bank', proof);
    clock.sleep(60_000);
    assert.equal(grace.proofFor('bank'), undefined);
    grace.keep('bank', proof);
    clock.putBack(3_600_000);
    clock.advance(60_000);
    assert.equal(grace.proofFor('bank'), undefined);
  });
});
