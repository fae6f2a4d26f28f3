import type { Clock } from '../../base/ports';
import type { HttpClient } from '../http/client';
import { userAgent } from '../http/clientIdentity';
import { notificationsUrl, type ServerUrls } from '../http/servers';
import type { HubConnection } from '../hub/hubConnection';
import type { Push } from '../hub/push';

/** The notifications hub, which tells of changes as they are made (server: src/Notifications; vaultwarden: src/api/notifications.rs). */
export class HubApi {
  constructor(
    private readonly http: HttpClient,
    private readonly servers: ServerUrls,
    private readonly token: string,
  ) {}

  /**
   * Connects to it. What it is made of is loaded at the first time.
   *
   * @param options.signal ends the connection.
   * @returns undefined where these servers can have none.
   * @throws as openHub.
   */
  async open(options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onPush: (push: Push) => void;
  }): Promise<HubConnection | undefined> {
    const base = notificationsUrl(this.servers);
    if (base === undefined) return undefined;
    const { openHub } = await import('../hub/hubConnection');
    const { token } = this;
    return openHub({ url: `${base}/hub`, token, userAgent: userAgent(this.http.identity), ...options });
  }
}
