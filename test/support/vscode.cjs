/**
 * Stands in for `vscode` where there is no editor: what words and the rows of lists and trees are made of, settings in
 * memory, and nothing else. Mocha loads it first, and finds it under the name `vscode` from then on.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { URL } = require('node:url');

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
  request === 'vscode' ? module.filename : resolveFilename(request, ...rest);

/** As VS Code does it without a translation: the English text, with every argument that there is put in. */
function t(first, ...rest) {
  const { message, args } = typeof first === 'string' ? { message: first, args: rest } : first;
  const values = typeof args?.[0] === 'object' ? args[0] : (args ?? {});
  return message.replace(/\{([^}]+)\}/g, (placeholder, name) => values[name] ?? placeholder);
}

let read;

/** As VS Code gives it to an extension: the words of package.nls.json are in it. */
const manifest = () => {
  if (read !== undefined) return read;
  const words = JSON.parse(readFileSync('package.nls.json', 'utf8'));
  return (read = JSON.parse(readFileSync('package.json', 'utf8'), (_, value) =>
    typeof value === 'string' && /^%.+%$/.test(value) ? words[value.slice(1, -1)] : value,
  ));
};

class Disposable {
  constructor(dispose) {
    this.dispose = dispose;
  }

  static from(...all) {
    return new Disposable(() => all.forEach((each) => each.dispose()));
  }
}

const settings = new Map();
const settingListeners = new Set();

/** The settings of the user, in memory. None has a value at first. */
const workspace = {
  getConfiguration: (section) => ({
    inspect: (name) => ({ globalValue: settings.get(`${section}.${name}`) }),
    async update(name, value) {
      settings.set(`${section}.${name}`, value);
      for (const listener of [...settingListeners]) listener({ affectsConfiguration: () => true });
    },
  }),
  onDidChangeConfiguration(listener) {
    settingListeners.add(listener);
    return new Disposable(() => settingListeners.delete(listener));
  },
};

class EventEmitter {
  #listeners = new Set();
  event = (listener) => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  fire(value) {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose() {
    this.#listeners.clear();
  }
}

class ThemeIcon {
  constructor(id) {
    this.id = id;
  }
}

class TreeItem {
  constructor(label, collapsibleState) {
    Object.assign(this, { label, collapsibleState });
  }
}

class DataTransferItem {
  constructor(value) {
    this.value = value;
  }

  async asString() {
    return String(this.value);
  }
}

module.exports = {
  DataTransferItem,
  ConfigurationTarget: { Global: 1 },
  Disposable,
  EventEmitter,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  InputBoxValidationSeverity: { Info: 1, Warning: 2, Error: 3 },
  ProgressLocation: { Notification: 15 },
  QuickInputButtons: {},
  QuickPickItemKind: { Separator: -1, Default: 0 },
  UIKind: { Desktop: 1, Web: 2 },
  Uri: {
    joinPath: (base, ...parts) => [String(base), ...parts].join('/'),
    file: (fsPath) => ({ scheme: 'file', fsPath }),
    parse: (text) => {
      const { protocol, pathname } = new URL(text);
      return { scheme: protocol.slice(0, -1), fsPath: decodeURIComponent(pathname) };
    },
  },
  window: { state: { focused: true }, onDidChangeWindowState: () => new Disposable(() => undefined) },
  env: { language: 'en' },
  l10n: { t },
  workspace,
  commands: { executeCommand: () => Promise.resolve() },
  extensions: { getExtension: () => ({ packageJSON: manifest() }) },
};
