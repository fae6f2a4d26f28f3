import { parseArgs } from 'node:util';
import { demoAccount } from './demo';
import { startServer } from './server';

/** Serves the demo vault until it is interrupted: `node out/test/server/main.js [--port N] [--dialect D] [--file F]`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      dialect: { type: 'string', default: 'official' },
      file: { type: 'string' },
    },
  });
  const server = await startServer({
    dialect: values.dialect === 'vaultwarden' ? 'vaultwarden' : 'official',
    accounts: [await demoAccount()],
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values.file === undefined ? {} : { file: values.file }),
  });
  const { clientId, clientSecret, password, email } = server.account;
  console.log(JSON.stringify({ url: server.url, email, clientId, clientSecret, password }, null, 2));
  const stop = () => void server.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

void main();
