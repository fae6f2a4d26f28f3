import { text } from '../../http';
import type { AttachmentDialect } from '../dialect';
import { attachmentAnswer, inUnits } from '../shared';
import { mayEdit } from './permissions';
import { bad } from './refusals';

const MOST_BYTES = 500 * 1024 * 1024;
const OUT_OF_DATE =
  'The cipher you are updating is out of date. Please save your work, sync your vault, and try again.';

/** The cloud stores files in Azure. The addresses that it hands out contain a permission for some minutes. */
export const attachments: AttachmentDialect = {
  upload: (cipherId, id, { urls, ticket }) => ({
    url: `${urls.base}/azure/${cipherId}/${id}?sv=2024-11-04&sig=${ticket(cipherId, id)}`,
    fileUploadType: 1,
  }),
  // AttachmentResponseModel.cs: among the attachments of an item the address has no permission in it.
  answer: (cipherId, attachment, { urls, ticket }, asked) => {
    const { id, size } = attachment;
    const url = asked
      ? `${urls.base}/azure/${cipherId}/${id}?sv=2024-11-04&sig=${ticket(cipherId, id)}`
      : `${urls.base}/attachments/${cipherId}/${id}`;
    return attachmentAnswer(attachment, url, readable(size));
  },
  // CiphersController.cs PostAttachment, CipherService.cs CreateAttachmentForDelayedUploadAsync.
  checkAttach: (account, request, stored) => {
    const size = Number(request.fileSize);
    if (size > MOST_BYTES) return bad('Max file size is 500 MB.');
    const known = text(request.lastKnownRevisionDate);
    if (known !== null && Math.abs(Date.parse(known) - Date.parse(stored.revisionDate)) > 1000) return bad(OUT_OF_DATE);
    if (!mayEdit(stored)) return bad('You do not have permissions to edit this.');
    if (!(size >= 1)) return bad('No data to attach.');
    return stored.organizationId === null && !account.premium
      ? bad('You must have premium status to use attachments.')
      : undefined;
  },
  checkDetach: (_account, stored) => (mayEdit(stored) ? undefined : bad('You do not have permissions to delete this.')),
  attachingTouchesRevision: true,
};

/** server: CoreHelpers.ReadableBytesSize */
function readable(bytes: number): string {
  const { number, unit } = inUnits(bytes, ['Bytes', 'KB', 'MB', 'GB']);
  return `${String(Math.round(number * 100) / 100)} ${unit}`;
}
