import type { Call, Reply } from './http';
import type { ServerState } from './state';

export type Handler = (call: Call) => Reply | Promise<Reply>;
/** Handlers by `METHOD /path/:param`. Of several methods, as in `PUT|POST /path`, any will do. */
export type Routes = Readonly<Record<string, Handler>>;
export type RouteFactory = (state: ServerState) => Routes;

interface Route {
  readonly line: string;
  readonly segments: readonly string[];
  readonly params: number;
  readonly handler: Handler;
}

const isParam = (segment: string) => segment.startsWith(':');

/** If several routes match, the one with the fewest parameters answers. */
export class Router {
  readonly #routes = new Map<string, Route[]>();

  /** @throws Error for a route that exists already: the second one would never be called. */
  add(routes: Routes): void {
    for (const [key, handler] of Object.entries(routes)) {
      const [methods = '', path = ''] = key.split(' ');
      const segments = path.split('/');
      const line = segments.map((segment) => (isParam(segment) ? ':' : segment)).join('/');
      for (const method of methods.split('|')) {
        const known = this.#routes.get(method) ?? [];
        if (known.some((route) => route.line === line)) throw new Error(`two routes for ${method} ${path}`);
        known.push({ line, segments, params: segments.filter(isParam).length, handler });
        known.sort((a, b) => a.params - b.params);
        this.#routes.set(method, known);
      }
    }
  }

  find(method: string, path: string): { handler: Handler; params: Record<string, string> } | undefined {
    const given = path.split('/');
    const found = (this.#routes.get(method) ?? []).find(
      ({ segments }) =>
        segments.length === given.length && segments.every((segment, at) => isParam(segment) || segment === given[at]),
    );
    if (!found) return undefined;
    const params = found.segments.flatMap((segment, at) =>
      isParam(segment) ? [[segment.slice(1), given[at] ?? ''] as const] : [],
    );
    return { handler: found.handler, params: Object.fromEntries(params) };
  }
}
