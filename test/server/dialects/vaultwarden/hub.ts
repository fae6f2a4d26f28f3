import type { HubDialect } from '../dialect';

/** As recorded of a real one. Collections are told where they were set, by a new item or by an assignment. */
export const hub: HubDialect = {
  pingsByFrame: true,
  message: ({ id: userId, revisionDate: now }, change, device) => {
    switch (change.kind) {
      case 'item': {
        const { id, organizationId, revisionDate, collectionIds } = change.cipher;
        const isShared = organizationId !== null;
        return {
          type: { changed: 0, created: 1, deleted: 2 }[change.what],
          contextId: device,
          payload: {
            Id: id,
            UserId: isShared ? null : userId,
            OrganizationId: organizationId,
            CollectionIds: isShared && change.collectionsSet === true ? collectionIds : null,
            RevisionDate: new Date(revisionDate),
          },
        };
      }
      case 'folder': {
        const { id, revisionDate } = change.folder;
        const payload = { Id: id, UserId: userId, RevisionDate: new Date(revisionDate) };
        return { type: { deleted: 3, created: 7, changed: 8 }[change.what], contextId: device, payload };
      }
      case 'archive':
      case 'items':
        return { type: 4, contextId: null, payload: { UserId: userId, Date: new Date(now) } };
      case 'logOut':
        return { type: 11, contextId: null, payload: { UserId: userId, Date: new Date(now) } };
    }
  },
};
