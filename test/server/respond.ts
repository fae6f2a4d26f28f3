import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Fault } from './faults';
import type { JsonObject, Reply } from './http';

interface Outgoing {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** A file, instead of the text. */
  readonly bytes?: Buffer;
}

export function serialise(reply: Reply): Outgoing {
  const headers: Record<string, string> = { ...reply.headers };
  if (reply.text !== undefined) headers['Content-Type'] = reply.contentType ?? 'text/plain; charset=utf-8';
  else if (reply.json !== undefined) headers['Content-Type'] = 'application/json; charset=utf-8';
  else if (reply.bytes) headers['Content-Type'] = reply.contentType ?? 'application/octet-stream';
  const body = reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json));
  return { status: reply.status, headers, body, ...(reply.bytes ? { bytes: reply.bytes } : {}) };
}

/** The answer as the fault has changed it. Faults that break the connection are handled elsewhere. */
export function damage(outgoing: Outgoing, fault: Fault | undefined): Outgoing {
  if (fault?.kind === 'json' && outgoing.status < 300 && outgoing.body.startsWith('{')) {
    return { ...outgoing, body: JSON.stringify(fault.change(JSON.parse(outgoing.body) as JsonObject)) };
  }
  if (fault?.kind === 'file' && outgoing.bytes)
    return { ...outgoing, bytes: Buffer.from(fault.change(outgoing.bytes)) };
  if (fault?.kind !== 'text') return outgoing;
  const type = fault.contentType === undefined ? {} : { 'Content-Type': fault.contentType };
  return { ...outgoing, headers: { ...outgoing.headers, ...type }, body: fault.change(outgoing.body) };
}

export function send(response: ServerResponse, { status, headers, body, bytes }: Outgoing): void {
  const content = bytes ?? Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': content.length });
  response.end(content);
}

/** Sends the body in pieces, with a pause behind each. */
export async function sendSlowly(
  response: ServerResponse,
  { status, headers, body, bytes }: Outgoing,
  { pieces, everyMs }: Extract<Fault, { kind: 'trickle' }>,
): Promise<void> {
  const content = bytes ?? Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': content.length });
  const length = Math.ceil(content.length / pieces);
  for (let at = 0; at < content.length && !response.destroyed; at += length) {
    response.write(content.subarray(at, at + length));
    await pause(everyMs);
  }
  response.end();
}

/** Promises the whole body, and breaks the connection when a part of the answer is sent. */
export function sendPart(
  response: ServerResponse,
  outgoing: Outgoing,
  at: Extract<Fault, { readonly kind: 'cut' }>['at'],
): void {
  const whole = rawAnswer(outgoing);
  const body = whole.indexOf('\r\n\r\n') + 4;
  const end = { inHead: 20, afterHead: body, middle: (body + whole.length) >> 1, end: whole.length - 1 }[at];
  const { socket } = response;
  socket?.write(whole.subarray(0, end), () => socket.destroySoon());
}

/** The second answer comes right behind the first one. */
export function sendTwice({ socket }: ServerResponse, outgoing: Outgoing): void {
  const whole = rawAnswer(outgoing);
  socket?.end(Buffer.concat([whole, whole]));
}

function rawAnswer({ status, headers, body, bytes }: Outgoing): Buffer {
  const content = bytes ?? Buffer.from(body);
  const lines = Object.entries({ ...headers, 'Content-Length': content.length, Connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Said\r\n${head}\r\n`), content]);
}

/** Sends the last chunk, `0\r\n\r\n`, in two packets, and closes the connection. */
export function sendEndApart(response: ServerResponse, { status, headers, body }: Outgoing): void {
  const { socket } = response;
  response.writeHead(status, {
    ...headers,
    'Content-Encoding': 'gzip',
    'Transfer-Encoding': 'chunked',
    Connection: 'close',
  });
  response.write(gzipSync(body), () => {
    socket?.write('0\r\n', () => setTimeout(() => socket.end('\r\n'), 20));
  });
}
