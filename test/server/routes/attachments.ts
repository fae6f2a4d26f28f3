import { randomBytes } from 'node:crypto';
import { findCipher } from '../cipherStore';
import { jsonBody, ok, Refusal, text, type Call, type Reply } from '../http';
import type { Account, StoredAttachment, StoredCipher } from '../model';
import { fileOfForm } from '../multipart';
import type { RouteFactory } from '../router';
import { signedIn } from '../signedIn';
import { links, tell, touch } from '../state';

const LEEWAY = 1024 * 1024;

/**
 * Files of items: clients announce them, send them, ask for them and fetch them. The store of files is beside the API
 * and asks for a ticket alone.
 */
export const attachmentRoutes: RouteFactory = (state) => {
  const { attachments, ciphers, refuse } = state.dialect;
  /** What Azure has of files that come in blocks, by their attachment. */
  const blocks = new Map<string, Map<string, Buffer>>();

  function find(call: Call): { account: Account; cipher: StoredCipher; attachment: StoredAttachment } {
    const account = signedIn(state, call);
    const cipher = findCipher(state, account, call);
    const attachment = cipher.attachments.find(({ id }) => id === call.params.attachmentId);
    if (!attachment) throw new Refusal(refuse.notFound('Attachment'));
    return { account, cipher, attachment };
  }

  function changed(call: Call, account: Account, cipher: StoredCipher): void {
    const now = touch(state, account);
    if (attachments.attachingTouchesRevision) cipher.revisionDate = now;
    tell(state, call, account, { kind: 'item', what: 'changed', cipher });
  }

  function announce(call: Call): Reply {
    const account = signedIn(state, call);
    const cipher = findCipher(state, account, call);
    const request = jsonBody(call, refuse.malformed);
    const refusal = attachments.checkAttach(account, request, cipher);
    if (refusal) throw new Refusal(refusal);
    const id = randomBytes(10).toString('hex');
    const named = { fileName: text(request.fileName), key: text(request.key), size: Number(request.fileSize) };
    cipher.attachments.push({ id, ...named, content: null });
    changed(call, account, cipher);
    return ok({
      attachmentId: id,
      ...attachments.upload(cipher.id, id, links(state)),
      cipherResponse: ciphers.answer(account, cipher, 'cipher', links(state)),
      object: 'attachment-fileUpload',
    });
  }

  /**
   * Stores a file. If its size differs much from the one that was announced, it is thrown away together with the
   * announcement.
   */
  function keep(cipher: StoredCipher, attachment: StoredAttachment, file: Buffer): boolean {
    if (Math.abs(file.length - attachment.size) > LEEWAY) {
      cipher.attachments.splice(cipher.attachments.indexOf(attachment), 1);
      return false;
    }
    attachment.size = file.length;
    attachment.content = file.toString('base64');
    return true;
  }

  function receiveForm(call: Call): Reply {
    const { account, cipher, attachment } = find(call);
    const file = fileOfForm(call);
    if (!file) throw new Refusal(refuse.badRequest('Invalid content.'));
    const kept = keep(cipher, attachment, file);
    touch(state, account);
    if (!kept) throw new Refusal(refuse.badRequest('File received does not match expected file length.'));
    return ok();
  }

  function remove(call: Call): Reply {
    const { account, cipher, attachment } = find(call);
    const refusal = attachments.checkDetach(account, cipher);
    if (refusal) throw new Refusal(refusal);
    cipher.attachments.splice(cipher.attachments.indexOf(attachment), 1);
    changed(call, account, cipher);
    return ok({ cipher: ciphers.answer(account, cipher, 'cipherMini', links(state)) });
  }

  /** The file that a ticket opens. Undefined without a ticket, or with one that has expired. */
  function stored(call: Call, ticket: string | null) {
    const { cipherId, attachmentId } = call.params;
    const claims = state.tokens.verify(`Bearer ${ticket ?? ''}`);
    if (claims?.sub !== `${cipherId ?? ''}/${attachmentId ?? ''}` || !claims.scope.includes('attachment'))
      return undefined;
    const cipher = state.accounts.flatMap((account) => account.ciphers).find(({ id }) => id === cipherId);
    const attachment = cipher?.attachments.find(({ id }) => id === attachmentId);
    return cipher && attachment ? { cipher, attachment } : undefined;
  }

  function fetched(call: Call, ticket: string | null): Reply {
    const content = stored(call, ticket)?.attachment.content ?? null;
    return content === null ? { status: 404 } : { status: 200, bytes: Buffer.from(content, 'base64') };
  }

  /** Takes a file in one piece or in blocks, as Azure does, which refuses whoever sends another permission, too. */
  function receiveBlob(call: Call): Reply {
    const found = stored(call, call.query.get('sig'));
    if (!found || call.headers.authorization !== undefined) return { status: 403 };
    if (call.headers['x-ms-version'] === undefined) return { status: 400 };
    const { cipher, attachment } = found;
    const staged = blocks.get(attachment.id) ?? new Map<string, Buffer>();
    blocks.set(attachment.id, staged);
    switch (call.query.get('comp') ?? '') {
      case 'block':
        staged.set(call.query.get('blockid') ?? '', call.bytes);
        return { status: 201 };
      case 'blocklist': {
        const ids = [...call.body.matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, id]) => id ?? '');
        if (ids.length === 0 || ids.some((id) => !staged.has(id))) return { status: 400 };
        keep(cipher, attachment, Buffer.concat(ids.map((id) => staged.get(id) ?? Buffer.alloc(0))));
        return { status: 201 };
      }
      default:
        if (call.headers['x-ms-blob-type'] !== 'BlockBlob') return { status: 400 };
        keep(cipher, attachment, call.bytes);
        return { status: 201 };
    }
  }

  return {
    'POST /api/ciphers/:id/attachment/v2': announce,
    'GET /api/ciphers/:id/attachment/:attachmentId/renew': (call) => {
      const { cipher, attachment } = find(call);
      if (attachment.content !== null) throw new Refusal(refuse.notFound('Attachment'));
      return ok({ ...attachments.upload(cipher.id, attachment.id, links(state)), object: 'attachment-fileUpload' });
    },
    'GET /api/ciphers/:id/attachment/:attachmentId': (call) => {
      const { cipher, attachment } = find(call);
      return ok(attachments.answer(cipher.id, attachment, links(state), true));
    },
    'POST /api/ciphers/:id/attachment/:attachmentId': receiveForm,
    'DELETE /api/ciphers/:id/attachment/:attachmentId': remove,
    'POST /api/ciphers/:id/attachment/:attachmentId/delete': remove,
    'GET /attachments/:cipherId/:attachmentId': (call) => fetched(call, call.query.get('token')),
    'GET /azure/:cipherId/:attachmentId': (call) => fetched(call, call.query.get('sig')),
    'PUT /azure/:cipherId/:attachmentId': receiveBlob,
  };
};
