import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Fetch, FetchAnswer } from './fetch';

/** The HTTP message behind one call of fetch, once its head has arrived. */
interface Exchange {
  message?: IncomingMessage;
}

const exchanges = new AsyncLocalStorage<Exchange>();

// Node publishes every request here (nodejs.org/api/diagnostics_channel.html), also those through VS Code's replacement
// of `http.request`, which adds the user's proxy and certificates. Requests of other extensions have no exchange of
// ours.
subscribe('http.client.request.start', (published) => {
  const exchange = exchanges.getStore();
  if (exchange === undefined) return;
  const { request } = published as { request: ClientRequest };
  request.prependOnceListener('response', (message) => {
    exchange.message = message;
    // node-fetch looks for the end of a chunked body in the last bytes that the socket received, and takes whole
    // answers for broken ones: an end in two packets, or with trailers. Without this header it leaves that to the HTTP
    // parser.
    delete message.headers['transfer-encoding'];
  });
});

/**
 * A fetch whose answers say whether they have arrived in full, by Node's HTTP parser: by `Content-Length`, or by the
 * last chunk. What has neither ends with the connection, and counts as whole.
 */
export function judgedByParser(fetch: Fetch): (...request: Parameters<Fetch>) => Promise<JudgedAnswer> {
  return (url, init) => {
    const exchange: Exchange = {};
    return exchanges.run(exchange, async () => {
      const { status, headers, body } = await fetch(url, init);
      return { status, headers, body, isWhole: () => exchange.message?.complete !== false };
    });
  };
}

/** An answer that knows whether its body has arrived in full. */
export interface JudgedAnswer extends FetchAnswer {
  /** To be asked once the body was read to its end. */
  isWhole(): boolean;
}
