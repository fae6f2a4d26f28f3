import type { Page } from 'playwright-core';
import type { Place } from './scan';

type Dumped = { name: string; text?: string; base64?: string };

/**
 * Everything that pages of this origin have stored in the browser. VS Code in a browser keeps its state, logs and
 * backups there.
 */
export async function browserStorage(page: Page): Promise<Place[]> {
  const dumped: Dumped[] = await page.evaluate(dumpScript);
  const cookies = JSON.stringify(await page.context().cookies());
  return [
    { name: 'cookies', bytes: Buffer.from(cookies) },
    ...dumped.map(({ name, text, base64 }) => ({
      name,
      bytes: base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64'),
    })),
  ];
}

/** Runs in the page. Binary values are returned as their bytes and in no other encoding. */
const dumpScript = `(async () => {
  const out = [];
  const base64 = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
  };
  const put = async (name, value) => {
    if (typeof value === 'string') out.push({ name, text: value });
    else if (value instanceof ArrayBuffer) out.push({ name, base64: base64(new Uint8Array(value)) });
    else if (ArrayBuffer.isView(value)) out.push({ name, base64: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) });
    else if (value instanceof Blob) out.push({ name, base64: base64(new Uint8Array(await value.arrayBuffer())) });
    else if (value && typeof value === 'object') for (const [key, inner] of Object.entries(value)) await put(name + ' > ' + key, inner);
    else out.push({ name, text: String(value) });
  };
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const [name, storage] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]]) {
    for (const [key, value] of Object.entries(storage)) out.push({ name: name + ' ' + key, text: key + '\\n' + value });
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
      for (let at = 0; at < keys.length; at++) {
        const place = 'IndexedDB ' + name + ' ' + store + ' ' + String(keys[at]);
        out.push({ name: 'the name of ' + place, text: String(keys[at]) });
        await put(place, values[at]);
      }
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      out.push({ name: 'Cache ' + name, text: request.url });
      await put('Cache ' + request.url, await (await cache.match(request)).arrayBuffer());
    }
  }
  return out;
})()`;
