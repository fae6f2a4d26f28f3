import type { ScratchFiles } from '../../src/base/ports';

/** For windows that fetch and send no files. */
export const noScratchFiles: ScratchFiles = {
  scratch: () => Promise.reject(new Error('no scratch files here')),
};
