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

/** Promises the whole body, sends half of it, and breaks the connection when that half is sent. */
export function sendHalf(response: ServerResponse, { status, headers, body, bytes }: Outgoing): void {
  const content = bytes ?? Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': content.length });
  response.write(content.subarray(0, Math.floor(content.length / 2)), () => response.socket?.destroySoon());
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
