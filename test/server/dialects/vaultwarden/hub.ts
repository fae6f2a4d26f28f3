import type { HubDialect } from '../dialect';
import { hubMessage } from '../shared';

/**
 * As recorded from a real Vaultwarden. A message has collections only where they were set: for a new item or an
 * assignment.
 */
export const hub: HubDialect = {
  pingsByFrame: true,
  message: (account, change, device) => {
    const ofAll = { UserId: account.id, Date: new Date(account.revisionDate) };
    switch (change.kind) {
      case 'item':
        return hubMessage(account, change, device, change.collectionsSet === true);
      case 'folder':
        return hubMessage(account, change, device, false);
      case 'archive':
      case 'items':
        return { type: 4, contextId: null, payload: ofAll };
      case 'logOut':
        return { type: 11, contextId: null, payload: ofAll };
    }
  },
};
