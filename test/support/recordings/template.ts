import { isDeepStrictEqual } from 'node:util';

/** Patterns for the placeholders that do not stand for one fixed value. */
const forms: Readonly<Record<string, string>> = {
  date: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z`,
  JWT: String.raw`[\w.%-]+`,
  key: String.raw`\S{40,}`,
  stamp: '[0-9a-f-]{36}',
};
const ID = String.raw`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{20}`;

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

/** The values of placeholders. Some are known from the start; ids are learned from the first answer that has them. */
export class Placeholders {
  constructor(private readonly values: Map<string, string>) {}

  set(name: string, value: string): void {
    this.values.set(name, value);
  }

  /** A recorded request with the values put in. */
  fill<T>(recorded: T): T {
    const text = JSON.stringify(recorded).replace(/<([\w ]+)>/g, (all, name: string) => this.values.get(name) ?? all);
    return JSON.parse(text) as T;
  }

  /** One line for each place where an answer is not what was recorded. */
  differences(recorded: unknown, actual: unknown, path = ''): string[] {
    if (typeof recorded === 'string') {
      return typeof actual === 'string' && this.#fits(recorded, actual)
        ? []
        : [`${path}: recorded ${recorded}, got ${JSON.stringify(actual)}`];
    }
    if (typeof recorded !== 'object' || recorded === null || typeof actual !== 'object' || actual === null) {
      return isDeepStrictEqual(recorded, actual)
        ? []
        : [`${path}: recorded ${JSON.stringify(recorded)}, got ${JSON.stringify(actual)}`];
    }
    const names = new Set([...Object.keys(recorded), ...Object.keys(actual)]);
    return [...names].flatMap((name) => {
      if (!(name in recorded)) return [`${path}.${name}: nothing recorded`];
      if (!(name in actual)) return [`${path}.${name}: missing`];
      return this.differences(recorded[name as never], actual[name as never], `${path}.${name}`);
    });
  }

  #fits(recorded: string, actual: string): boolean {
    const names: string[] = [];
    const pattern = recorded.split(/<([\w ]+)>/).map((part, at) => {
      if (at % 2 === 0) return literal(part);
      const form = forms[part];
      if (form !== undefined) return form;
      const value = this.values.get(part);
      if (value !== undefined) return literal(value);
      names.push(part);
      return `(${ID})`;
    });
    const found = new RegExp(`^${pattern.join('')}$`).exec(actual);
    for (const [at, name] of names.entries())
      if (found?.[at + 1] !== undefined) this.values.set(name, found[at + 1] ?? '');
    return found !== null;
  }
}
