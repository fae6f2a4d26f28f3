import { modelTests } from '../../support/lockRounds';

describe('A lock file, interleaving by interleaving', () => {
  modelTests({ moreInterruptions: 0, randomRuns: 1_500 });
});
