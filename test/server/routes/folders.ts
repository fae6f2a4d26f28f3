import { randomUUID } from 'node:crypto';
import { withDates } from '../dialects/shared';
import { jsonBody, ok, Refusal, text, type Call, type Reply } from '../http';
import type { Account, StoredFolder } from '../model';
import type { RouteFactory } from '../router';
import { signedIn } from '../signedIn';
import { tell, touch } from '../state';

export const folderRoutes: RouteFactory = (state) => {
  const { date, refuse, checkFolder } = state.dialect;
  const answer = (folder: StoredFolder) => ok(withDates({ ...folder, object: 'folder' }, date));

  function find(account: Account, call: Call): StoredFolder {
    const folder = account.folders.find(({ id }) => id === call.params.id);
    if (!folder) throw new Refusal(refuse.notFound('Folder'));
    return folder;
  }

  function givenName(call: Call): string {
    const request = jsonBody(call, refuse.malformed);
    const refusal = checkFolder(request);
    if (refusal) throw new Refusal(refusal);
    return text(request.name) ?? '';
  }

  function create(call: Call): Reply {
    const account = signedIn(state, call);
    const name = givenName(call);
    const folder = { id: randomUUID(), name, revisionDate: touch(state, account) };
    account.folders.push(folder);
    tell(state, call, account, { kind: 'folder', what: 'created', folder });
    return answer(folder);
  }

  function rename(call: Call): Reply {
    const account = signedIn(state, call);
    const folder = find(account, call);
    folder.name = givenName(call);
    folder.revisionDate = touch(state, account);
    tell(state, call, account, { kind: 'folder', what: 'changed', folder });
    return answer(folder);
  }

  function remove(call: Call): Reply {
    const account = signedIn(state, call);
    const folder = find(account, call);
    account.folders.splice(account.folders.indexOf(folder), 1);
    for (const cipher of account.ciphers) if (cipher.folderId === folder.id) cipher.folderId = null;
    touch(state, account);
    tell(state, call, account, { kind: 'folder', what: 'deleted', folder });
    return ok();
  }

  return {
    'GET /api/folders/:id': (call) => answer(find(signedIn(state, call), call)),
    'POST /api/folders': create,
    'PUT|POST /api/folders/:id': rename,
    'DELETE /api/folders/:id': remove,
    'POST /api/folders/:id/delete': remove,
  };
};
