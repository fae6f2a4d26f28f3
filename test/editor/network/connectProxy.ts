import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy as companies have it: the only way to hosts that this computer cannot resolve by itself. */
export class ConnectProxy {
  /** The requests it got, as "CONNECT host:port". */
  readonly asked: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => {
    this.asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });

  private constructor(private readonly ports: ReadonlyMap<string, number>) {
    this.#server.on('connection', (socket) => this.#keep(socket));
    this.#server.on('connect', (request: IncomingMessage, client: Socket) => this.#tunnel(request.url ?? '', client));
  }

  /** @param ports the port on loopback for each "host:port"; nothing else can be reached. */
  static async start(ports: ReadonlyMap<string, number>): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(ports);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #tunnel(target: string, client: Socket): void {
    this.asked.push(`CONNECT ${target}`);
    const port = this.ports.get(target);
    if (port === undefined) {
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const server = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(client).pipe(server);
    });
    this.#keep(server);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
  }
}
