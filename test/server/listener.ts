import type { IncomingMessage, ServerResponse } from 'node:http';
import { Faults } from './faults';
import { Refusal, pascalCased, type Call, type Reply } from './http';
import { RequestLog } from './requestLog';
import { damage, send, sendEndApart, sendPart, sendSlowly, sendTwice, serialise } from './respond';
import type { Router } from './router';
import type { ServerState } from './state';

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Parses requests, applies the armed faults, and hands the rest to the routes. */
export class Listener {
  readonly faults = new Faults();
  readonly requests = new RequestLog();

  constructor(
    private readonly state: ServerState,
    private readonly router: Router,
    private readonly basePath: string,
    private readonly changed: () => void,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const inside = url.pathname.startsWith(`${this.basePath}/`) || url.pathname === this.basePath;
    const bytes = await readBody(request);
    const call: Call = {
      method: request.method ?? 'GET',
      path: inside ? url.pathname.slice(this.basePath.length) || '/' : `(outside)${url.pathname}`,
      query: url.searchParams,
      headers: request.headers,
      body: bytes.toString('utf8'),
      bytes,
      params: {},
    };
    const entry = this.requests.add(call);
    const armed = this.faults.take(call);
    const fault = armed?.fault;
    if (fault?.kind === 'hold' && fault.when === 'before') {
      await armed?.untilReleased();
      if (request.socket.destroyed) return;
    }
    if (fault?.kind === 'drop' && fault.when === 'before') return void request.socket.destroy();
    const outgoing = damage(serialise(fault?.kind === 'answer' ? fault.reply : await this.#answer(call)), fault);
    if (fault?.kind === 'hold' && fault.when === 'after') await armed?.untilReleased();
    if (fault?.kind === 'drop') return void request.socket.destroy();
    if (request.socket.destroyed) return;
    entry.status = outgoing.status;
    if (fault?.kind === 'cut') sendPart(response, outgoing, fault.at);
    else if (fault?.kind === 'twice') sendTwice(response, outgoing);
    else if (fault?.kind === 'trickle') await sendSlowly(response, outgoing, fault);
    else if (fault?.kind === 'lateEnd') sendEndApart(response, outgoing);
    else send(response, outgoing);
  }

  async #answer(call: Call): Promise<Reply> {
    const excess = this.state.limits.admit(call);
    if (excess) return this.state.dialect.rateLimited(excess);
    const route = this.router.find(call.method, call.path);
    if (!route) return this.state.dialect.refuse.unknownRoute(call);
    const reply = await this.#run(route.handler, { ...call, params: route.params });
    if (call.method !== 'GET') this.changed();
    return this.state.oldAnswers && call.path.startsWith('/api/') ? { ...reply, json: pascalCased(reply.json) } : reply;
  }

  async #run(handler: (call: Call) => Reply | Promise<Reply>, call: Call): Promise<Reply> {
    try {
      return await handler(call);
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  }
}
