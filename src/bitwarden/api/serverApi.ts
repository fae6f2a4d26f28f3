import type { HttpClient } from '../http/client';
import type { ServerUrls } from '../http/servers';
import { AccountsApi } from './accounts';
import { AttachmentsApi } from './attachments';
import { CiphersApi } from './ciphers';
import { FoldersApi } from './folders';
import { HubApi } from './hub';
import { VaultApi } from './vault';

/**
 * What a signed-in user may ask of their server. The three belong together: a token goes to the addresses that it was got
 * from, and to no others. Each group of endpoints is a property, and a file beside this one.
 */
export class ServerApi {
  readonly accounts: AccountsApi;
  readonly vault: VaultApi;
  readonly ciphers: CiphersApi;
  readonly folders: FoldersApi;
  readonly attachments: AttachmentsApi;
  readonly hub: HubApi;

  /** @param token an access token that these servers have issued: see requestToken. */
  constructor(
    http: HttpClient,
    servers: ServerUrls,
    readonly token: string,
  ) {
    this.accounts = new AccountsApi(http, servers, token);
    this.vault = new VaultApi(http, servers, token);
    this.ciphers = new CiphersApi(http, servers, token);
    this.folders = new FoldersApi(http, servers, token);
    this.attachments = new AttachmentsApi(http, servers, token);
    this.hub = new HubApi(http, servers, token);
  }
}
