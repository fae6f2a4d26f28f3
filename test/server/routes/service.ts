import { html, ok } from '../http';
import type { RouteFactory } from '../router';

/** Routes that anybody may call, and those whose answers no client depends on. */
export const serviceRoutes: RouteFactory = (state) => {
  const now = () => ok(state.clock.iso());
  return {
    'GET /': () => html(200, 'Embedded Bitwarden-compatible server: a demo, with no web vault behind it'),
    'GET /api/config': () => ok(state.dialect.config(state.urls())),
    'GET /alive': now,
    'GET /api/alive': now,
    'GET /api/now': now,
    'GET /api/version': () => ok(state.dialect.config(state.urls()).version),
    'POST /events/collect': () => ok(),
  };
};
