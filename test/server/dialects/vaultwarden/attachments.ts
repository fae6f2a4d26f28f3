import type { AttachmentDialect } from '../dialect';
import { attachmentAnswer, inUnits } from '../shared';
import { handled } from './refusals';

const MIB = 1024 * 1024;

/** vaultwarden: src/util.rs get_display_size */
function readable(bytes: number): string {
  const { number, unit } = inUnits(bytes, ['bytes', 'KB', 'MB', 'GB']);
  return `${number.toFixed(2)} ${unit}`;
}

export const attachments: AttachmentDialect = {
  upload: (cipherId, id) => ({ url: `/ciphers/${cipherId}/attachment/${id}`, fileUploadType: 0 }),
  answer: (cipherId, attachment, { urls, ticket }) => {
    const { id, size } = attachment;
    const url = `${urls.base}/attachments/${cipherId}/${id}?token=${ticket(cipherId, id)}`;
    return attachmentAnswer(attachment, url, readable(size));
  },
  checkAttach: (_account, request, stored) => {
    if (stored.organizationId !== null && !stored.edit) return handled('Cipher is not write accessible');
    return Number(request.fileSize) < 0 || Number(request.fileSize) > 500 * MIB
      ? handled("Attachment size can't be negative")
      : undefined;
  },
  checkDetach: (_account, { organizationId, edit }) =>
    organizationId === null || edit ? undefined : handled('Cipher cannot be deleted by user'),
  attachingTouchesRevision: false,
};
