import type { HubDialect } from '../dialect';

/**
 * Deletions of every kind come as 2 (CipherSyncPushService.cs:36). What concerns all items has a reason and no date
 * (HubHelpers.cs:79-95), and no context when it is a change of many: the device that made it hears of it, too.
 */
export const hub: HubDialect = {
  pingsByFrame: false,
  message: ({ id: userId }, change, device) => {
    switch (change.kind) {
      case 'item': {
        const { id, organizationId, revisionDate, collectionIds } = change.cipher;
        const date = new Date(revisionDate);
        const payload =
          organizationId === null
            ? { Id: id, UserId: userId, OrganizationId: null, CollectionIds: null, RevisionDate: date }
            : {
                Id: id,
                UserId: null,
                OrganizationId: organizationId,
                CollectionIds: collectionIds,
                RevisionDate: date,
              };
        return { type: { changed: 0, created: 1, deleted: 2 }[change.what], contextId: device, payload };
      }
      case 'folder': {
        const { id, revisionDate } = change.folder;
        const payload = { Id: id, UserId: userId, RevisionDate: new Date(revisionDate) };
        return { type: { deleted: 3, created: 7, changed: 8 }[change.what], contextId: device, payload };
      }
      case 'archive':
        return { type: 4, contextId: device, payload: { UserId: userId, Reason: null } };
      case 'items':
        return { type: 4, contextId: null, payload: { UserId: userId, Reason: null } };
      case 'logOut':
        return { type: 11, contextId: null, payload: { UserId: userId, Reason: null } };
    }
  },
};
