import { randomUUID } from 'node:crypto';
import { jsonBody, ok, Refusal, text, type Call, type Reply } from '../http';
import type { Account, StoredFolder } from '../model';
import type { RouteFactory } from '../router';
import { withDates } from '../dialects/shared';
import { signedIn } from '../signedIn';
import { touch } from '../state';

const nameLimit = 1000;

export const folderRoutes: RouteFactory = (state) => {
  const { dialect } = state;
  const answer = (folder: StoredFolder) => ok(withDates({ ...folder, object: 'folder' }, dialect.date));

  function find(account: Account, call: Call): StoredFolder {
    const folder = account.folders.find(({ id }) => id === call.params.id);
    if (!folder) throw new Refusal(dialect.notFound('Folder'));
    return folder;
  }

  function givenName(call: Call): string {
    const name = text(jsonBody(call).name);
    if (name === null) throw new Refusal(dialect.invalidField('Name', 'The Name field is required.'));
    if (name.length > nameLimit) {
      const message = `The field Name exceeds the maximum encrypted value length of ${nameLimit} characters.`;
      throw new Refusal(dialect.invalidField('Name', message));
    }
    return name;
  }

  function create(call: Call): Reply {
    const account = signedIn(state, call);
    const name = givenName(call);
    const folder = { id: randomUUID(), name, revisionDate: touch(state, account) };
    account.folders.push(folder);
    return answer(folder);
  }

  function rename(call: Call): Reply {
    const account = signedIn(state, call);
    const folder = find(account, call);
    folder.name = givenName(call);
    folder.revisionDate = touch(state, account);
    return answer(folder);
  }

  function remove(call: Call): Reply {
    const account = signedIn(state, call);
    const folder = find(account, call);
    account.folders.splice(account.folders.indexOf(folder), 1);
    for (const cipher of account.ciphers) if (cipher.folderId === folder.id) cipher.folderId = null;
    touch(state, account);
    return ok();
  }

  return {
    'GET /api/folders/:id': (call) => answer(find(signedIn(state, call), call)),
    'POST /api/folders': create,
    'PUT /api/folders/:id': rename,
    'POST /api/folders/:id': rename,
    'DELETE /api/folders/:id': remove,
    'POST /api/folders/:id/delete': remove,
  };
};
