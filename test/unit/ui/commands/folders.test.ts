import assert from 'node:assert/strict';
import { createFolder } from '../../../../src/ui/commands/folders';
import { Screen } from '../../../support/screen';
import { until } from '../../../support/until';
import { scenes } from '../../../support/window';

describe('The name of a new folder', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  it('is taken where a folder got it while the box was open', async () => {
    const at = await scene('official');
    const { session } = await at.unlocked();
    const creating = createFolder({ session }, undefined);
    await until('the box', () => screen.inputs.length === 1);
    await session.createFolder('Work');
    const [box] = screen.inputs;
    box!.enter('Work');
    await until('the answer', () => box!.shown.validationMessage !== undefined || at.account.folders.length > 1);
    assert.match(JSON.stringify(box!.shown.validationMessage), /There is a folder of this name already/);
    assert.equal(at.account.folders.length, 1);
    box!.hide();
    await creating;
  });
});
