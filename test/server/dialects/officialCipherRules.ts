import { isObject, type JsonObject } from '../http';
import { typedName } from '../model';

interface Problem {
  readonly field: string;
  readonly message: string;
}

/** Lengths are those of the encrypted text (server: src/Api/Vault/Models/CipherLoginModel.cs and siblings). */
const ownLimits = { name: 1000, notes: 10_000 };
const typedLimits: Readonly<Record<string, number>> = {
  password: 5000,
  privateKey: 5000,
  publicKey: 5000,
  uri: 10_000,
};
const defaultLimit = 1000;

const encString = /^(?:0\.[^|]+\|[^|]+|2\.[^|]+\|[^|]+\|[^|]+|7\.[^|]+)$/;

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function check(field: string, value: unknown, limit: number): Problem | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const last = field.slice(field.lastIndexOf('.') + 1);
  if (typeof value !== 'string' || !encString.test(value)) {
    return { field, message: `${last} is not a valid encrypted string.` };
  }
  if (value.length <= limit) return undefined;
  return { field, message: `The field ${last} exceeds the maximum encrypted value length of ${limit} characters.` };
}

/** Numbers, flags and dates that stand in the clear inside the typed objects. */
const clear = new Set([
  'type',
  'match',
  'autofillOnPageLoad',
  'passwordRevisionDate',
  'lastUsedDate',
  'linkedId',
  'creationDate',
]);

function* checkObject(
  prefix: string,
  object: JsonObject,
  limits: Readonly<Record<string, number>>,
): Generator<Problem> {
  for (const [name, value] of Object.entries(object)) {
    if (clear.has(name)) continue;
    const field = `${prefix}${pascal(name)}`;
    if (Array.isArray(value)) {
      yield* checkList(field, value, { ...limits, uriChecksum: 10_000 });
      continue;
    }
    const problem = check(field, value, limits[name] ?? defaultLimit);
    if (problem) yield problem;
  }
}

function* checkList(field: string, list: unknown, limits: Readonly<Record<string, number>>): Generator<Problem> {
  if (!Array.isArray(list)) return;
  for (const [at, entry] of list.entries()) if (isObject(entry)) yield* checkObject(`${field}[${at}].`, entry, limits);
}

function* problems(request: JsonObject): Generator<Problem> {
  if (typeof request.name !== 'string' || request.name === '') {
    yield { field: 'Name', message: 'The Name field is required.' };
  }
  for (const [name, limit] of Object.entries(ownLimits)) {
    const problem = check(pascal(name), request[name], limit);
    if (problem) yield problem;
  }
  const name = typedName(Number(request.type));
  const typed = name === undefined ? undefined : request[name];
  if (name !== undefined && isObject(typed)) yield* checkObject(`${pascal(name)}.`, typed, typedLimits);
  yield* checkList('Fields', request.fields, { name: 1000, value: 5000 });
  yield* checkList('PasswordHistory', request.passwordHistory, { password: 5000 });
  const { attachments, data } = request;
  if (Array.isArray(attachments)) {
    yield { field: '$.attachments', message: 'The JSON value could not be converted. Path: $.attachments' };
  }
  if (typeof data === 'string' && data.length > 500_000) {
    yield { field: 'Data', message: 'The field Data must be a string with a maximum length of 500000.' };
  }
}

/** The first thing that the official server's model validation has against a cipher request. */
export function checkOfficialCipher(request: JsonObject): Problem | undefined {
  for (const problem of problems(request)) return problem;
  return undefined;
}
