import type { Call, Reply } from './http';
import type { ServerState } from './state';

export type Handler = (call: Call) => Reply | Promise<Reply>;
export type Routes = Readonly<Record<string, Handler>>;
export type RouteFactory = (state: ServerState) => Routes;

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

/** Routes are written `METHOD /path/:param`; fixed segments win over parameters by being registered first. */
export class Router {
  readonly #routes: Route[] = [];

  add(routes: Routes): void {
    for (const [key, handler] of Object.entries(routes)) {
      const [method = '', path = ''] = key.split(' ');
      this.#routes.push({ method, segments: path.split('/'), handler });
    }
  }

  find(method: string, path: string): { handler: Handler; params: Record<string, string> } | undefined {
    const given = path.split('/');
    for (const { segments, handler, ...route } of this.#routes) {
      if (route.method !== method || segments.length !== given.length) continue;
      const params: Record<string, string> = {};
      const fits = segments.every((segment, at) => {
        if (!segment.startsWith(':')) return segment === given[at];
        params[segment.slice(1)] = given[at] ?? '';
        return true;
      });
      if (fits) return { handler, params };
    }
    return undefined;
  }
}
