import { modelTests } from '../../support/lockRounds';

describe('A lock file, interleaving by interleaving', function () {
  // So many interleavings take long where the processor is busy.
  this.timeout(120_000);
  modelTests({ moreInterruptions: 0, randomRuns: 1_500 });
});
