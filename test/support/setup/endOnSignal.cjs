const process = require('node:process');

// By default a signal ends Node at once, past the handlers of 'exit' by which tests end the programs they have started.
process.once('SIGTERM', () => process.exit(143));
