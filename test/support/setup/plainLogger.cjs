/** Stands in for @vscode/spdlog inside a VS Code server of the tests: same calls, plain appends, nothing to compile. */
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  #path;
  #level = 2;
  #plain = false;

  constructor(_type, _name, path) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, '');
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  setPattern() {}

  clearFormatters() {
    this.#plain = true;
  }

  flush() {}

  drop() {}

  write(level, message) {
    if (level < this.#level) return;
    const line = this.#plain ? message : `${new Date().toISOString()} [${names[level]}] ${message}\n`;
    try {
      appendFileSync(this.#path, line);
    } catch {
      // The data folder of a test goes away while the server is still saying goodbye.
    }
  }
}

for (const [level, name] of ['trace', 'debug', 'info', 'warn', 'error', 'critical'].entries()) {
  Logger.prototype[name] = function (message) {
    this.write(level, message);
  };
}

async function create(name, path) {
  return new Logger('rotating', name, path);
}

// One by one: this is how an `import` finds the names of a CommonJS module.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
