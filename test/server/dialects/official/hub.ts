import type { HubDialect } from '../dialect';
import { hubMessage } from '../shared';

/**
 * A message about all items has a reason and no date (HubHelpers.cs:79-95). After a change of many items it names no
 * device, so that the device that made the change gets it, too.
 */
export const hub: HubDialect = {
  pingsByFrame: false,
  message: (account, change, device) => {
    switch (change.kind) {
      case 'item':
      case 'folder':
        return hubMessage(account, change, device, true);
      case 'archive':
        return { type: 4, contextId: device, payload: { UserId: account.id, Reason: null } };
      case 'items':
        return { type: 4, contextId: null, payload: { UserId: account.id, Reason: null } };
      case 'logOut':
        return { type: 11, contextId: null, payload: { UserId: account.id, Reason: null } };
    }
  },
};
